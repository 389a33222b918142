/** Everything that is known of an item, to search in. */
export const words = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? Object.values(value).map(words).join('\n')
    : String(value)
