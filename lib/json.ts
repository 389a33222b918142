/** Levels of objects and arrays that a JSON value of a request may have. */
const maxDepth = 32

/** What JavaScript and the SDK of DynamoDB ask every object for: a member of that name would answer in its place. */
const reservedNames: readonly string[] = ['__proto__', 'constructor']

export const isReservedName = (name: string): boolean => reservedNames.includes(name)

/** Whether a value is an object as JSON knows it: of no class. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/**
 * Why a parsed JSON value cannot be used, in words that follow its name, or undefined where it can. It is judged level by
 * level, never by recursion, so that whoever comes later may recurse.
 */
export function jsonProblem(value: unknown): string | undefined {
  let level = [value]
  for (let depth = 0; level.length > 0; depth += 1) {
    const next: unknown[] = []
    for (const inner of level) {
      if (typeof inner === 'string' && !inner.isWellFormed()) return unpairedSurrogate
      if (typeof inner !== 'object' || inner === null) continue
      if (depth === maxDepth) return `is nested more than ${maxDepth} levels deep`
      for (const [name, member] of Object.entries(inner)) {
        if (isReservedName(name)) return `has a member named ${name}, which no member may be`
        if (!name.isWellFormed()) return unpairedSurrogate
        next.push(member)
      }
    }
    level = next
  }
  return undefined
}

const unpairedSurrogate = 'contains an unpaired surrogate'
