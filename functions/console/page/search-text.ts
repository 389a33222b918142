/** All values of an item, including nested ones, as one text to search in. */
export const searchText = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? Object.values(value).map(searchText).join('\n')
    : String(value)
