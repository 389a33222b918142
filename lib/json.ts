/** Maximum nesting depth of objects and arrays in a JSON value of a request. */
const maxDepth = 32

/** JavaScript and the DynamoDB SDK read these on every object; such a member would shadow them. */
const reservedNames: readonly string[] = ['__proto__', 'constructor']

export const isReservedName = (name: string): boolean => reservedNames.includes(name)

export type JsonObject = Readonly<Record<string, unknown>>

/** Whether a parsed JSON value is an object. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A record's own member; never one that objects inherit, such as `constructor`. */
export const ownValue = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined

/** Whether a value is a plain JSON object, not an instance of a class. */
export function isPlainObject(value: unknown): value is JsonObject {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/**
 * Describes why a parsed JSON value is rejected, or returns undefined if it is valid. `subject`
 * names the value in the message. The check is iterative, so deep nesting cannot overflow the
 * stack; later code may recurse safely.
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

/** Sorts the members of every object by name; their order means nothing (RFC 8259 §1). */
export function sortMembers<Value>(value: Value): Value
export function sortMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortMembers)
  if (!isObject(value)) return value
  const members = Object.keys(value)
    .sort()
    .map((name) => [name, sortMembers(value[name])])
  return Object.fromEntries(members)
}
