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
 * Why a parsed JSON value, which the words call `subject`, cannot be used, or undefined where it can. It is judged level
 * by level, never by recursion, so that whoever comes later may recurse.
 */
export function jsonProblem(value: unknown, subject: string): string | undefined {
  const unpaired = `${subject} contains an unpaired surrogate`
  let level = [value]
  for (let depth = 0; level.length > 0; depth += 1) {
    const next: unknown[] = []
    for (const inner of level) {
      if (typeof inner === 'string' && !inner.isWellFormed()) return unpaired
      if (typeof inner !== 'object' || inner === null) continue
      if (depth === maxDepth) return `${subject} is nested more than ${maxDepth} levels deep`
      for (const [name, member] of Object.entries(inner)) {
        if (isReservedName(name)) return `${name}: no member may have this name`
        if (!name.isWellFormed()) return unpaired
        next.push(member)
      }
    }
    level = next
  }
  return undefined
}
