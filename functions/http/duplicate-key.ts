/**
 * Matches a string, with the colon that makes it a key, or a brace. No other token of JSON affects
 * which object a key belongs to.
 */
const tokens = /"((?:[^"\\]|\\.)*)"(\s*:)?|[{}]/gs

/** Whether any object in a JSON text has a duplicate key (RFC 8259 §4). The text must be valid. */
export function hasDuplicateKey(text: string): boolean {
  const objects: Set<string>[] = []
  for (const [token, key, colon] of text.matchAll(tokens)) {
    if (token === '{') objects.push(new Set())
    else if (token === '}') objects.pop()
    else if (colon !== undefined && key !== undefined) {
      const keys = objects.at(-1)
      const name: string = JSON.parse(`"${key}"`)
      if (keys?.has(name)) return true
      keys?.add(name)
    }
  }
  return false
}
