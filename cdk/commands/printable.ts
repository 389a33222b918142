/** A text in printable ASCII: a client's text moves no cursor and changes no direction. */
export const escaped = (text: string): string =>
  text.replace(
    /[^\x20-\x7E]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** JSON in printable ASCII. */
export const escapedJson = (value: unknown): string => escaped(JSON.stringify(value))
