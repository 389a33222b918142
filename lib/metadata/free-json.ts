import { Refused, rule } from './rule.ts'

export type JsonObject = Readonly<Record<string, unknown>>

const deepest = 8
const mostValues = 1_000

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Refuses what the database cannot keep or would not give back equal: deep nesting, empty or overlong names, numbers
 * beyond a double's exact range, half characters.
 */
export function checkStorable(value: unknown, longest: number): void {
  let values = 0
  const check = (inner: unknown, depth: number): void => {
    values += 1
    if (depth > deepest) throw new Refused(`expected at most ${deepest} levels`)
    if (values > mostValues) throw new Refused(`expected at most ${mostValues} values`)
    if (typeof inner === 'string') checkString(inner, longest)
    if (typeof inner === 'number') checkNumber(inner)
    if (typeof inner !== 'object' || inner === null) return
    for (const [name, member] of Object.entries(inner)) {
      if (name === '' || name === '__proto__') throw new Refused('expected names for all members')
      checkString(name, 256)
      check(member, depth + 1)
    }
  }
  check(value, 1)
}

function checkString(value: string, longest: number): void {
  if (value.length > longest) throw new Refused(`expected strings of at most ${longest} characters`)
  if (!value.isWellFormed()) throw new Refused('expected whole characters')
}

function checkNumber(value: number): void {
  const size = Math.abs(value)
  const exact = Number.isInteger(value) ? Number.isSafeInteger(value) : size > 1e-9 && size < 1e9
  if (!exact) throw new Refused('expected numbers of at most 15 digits')
}

/** A JSON object whose members are the specification's own affair. */
export const freeObject = rule('an object', (value, { limits }) => {
  if (!isObject(value)) return undefined
  checkStorable(value, limits.stringLength)
  return value
})
