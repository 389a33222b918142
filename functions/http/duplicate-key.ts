/** A string with the colon that makes it a key, or a bracket: all that tells which keys stand in which object. */
const tokens = /"((?:[^"\\]|\\.)*)"(\s*:)?|[{}]/gs

/** Whether an object of this JSON text (RFC 8259 §4), which must be valid, has a key twice. */
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
