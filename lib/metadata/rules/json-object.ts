import { isObject, isPlainObject, isReservedName } from '../../json.ts'
import { InvalidValue, rule } from './rule.ts'

const maxDepth = 8
const maxValues = 1_000

/**
 * Rejects what the database cannot store or would not return unchanged: deep nesting; empty,
 * overlong or reserved names; numbers outside a double's exact range; unpaired surrogates; and
 * values that are not JSON, which a policy could set. Throws InvalidValue.
 */
export function checkJsonLimits(value: unknown, maxLength: number): void {
  let values = 0
  const check = (inner: unknown, depth: number): void => {
    values += 1
    if (depth > maxDepth) throw new InvalidValue(`expected at most ${maxDepth} levels`)
    if (values > maxValues) throw new InvalidValue(`expected at most ${maxValues} values`)
    if (typeof inner === 'string') checkString(inner, maxLength)
    else if (typeof inner === 'number') checkNumber(inner)
    else if (Array.isArray(inner)) for (const item of inner) check(item, depth + 1)
    else if (isPlainObject(inner))
      for (const [name, member] of Object.entries(inner)) {
        checkName(name)
        check(member, depth + 1)
      }
    else if (typeof inner !== 'boolean' && inner !== null)
      throw new InvalidValue('expected JSON values')
  }
  check(value, 1)
}

function checkName(name: string): void {
  if (name === '') throw new InvalidValue('empty member name')
  if (isReservedName(name)) throw new InvalidValue(`expected no member named ${name}`)
  checkString(name, 256)
}

function checkString(value: string, maxLength: number): void {
  if (value.length > maxLength)
    throw new InvalidValue(`expected strings of at most ${maxLength} characters`)
  if (!value.isWellFormed()) throw new InvalidValue('invalid Unicode (unpaired surrogate)')
}

function checkNumber(value: number): void {
  const size = Math.abs(value)
  const exact = Number.isInteger(value) ? Number.isSafeInteger(value) : size > 1e-9 && size < 1e9
  if (!exact) throw new InvalidValue('expected numbers of at most 15 digits')
}

/** A JSON object whose members the specification leaves open. */
export const jsonObject = rule('an object', (value, { limits }) => {
  if (!isObject(value)) return undefined
  checkJsonLimits(value, limits.stringLength)
  return value
})
