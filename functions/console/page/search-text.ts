/** Everything that is known of an item, to search in. */
export const searchText = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? Object.values(value).map(searchText).join('\n')
    : String(value)
