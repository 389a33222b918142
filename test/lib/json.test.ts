import { describe, expect, test } from 'vitest'
import { jsonProblem as problemOf } from '../../lib/json.ts'

const jsonProblem = (value: unknown) => problemOf(value, 'it')

describe('a JSON value of a request', () => {
  test.each([
    ['[', ']'],
    ['{"a":', '}'],
  ])('may have 32 levels of %s, and no more', (open, close) => {
    const nested = (levels: number) => JSON.parse(`${open.repeat(levels)}1${close.repeat(levels)}`)
    expect(jsonProblem(nested(32))).toBeUndefined()
    for (const levels of [33, 10_000, 100_000])
      expect(jsonProblem(nested(levels))).toBe('it is nested more than 32 levels deep')
  })

  test.each([
    ['"a\\ud800"'],
    ['["\\udc00"]'],
    ['{"\\ud800":1}'],
    ['{"a":[{"b":{"c\\udbff":null}}]}'],
    ['"\\udc00\\ud800"'],
  ])('has no unpaired surrogate: %s', (text) => {
    expect(jsonProblem(JSON.parse(text))).toBe('it contains an unpaired surrogate')
  })

  test.each(['constructor', '__proto__'])('has no member named %s at any level', (name) => {
    for (const text of [
      `{"${name}":1}`,
      `[{"${name}":null}]`,
      `{"a":{"b":[{"c":{"${name}":{}}}]}}`,
    ])
      expect(jsonProblem(JSON.parse(text))).toBe(`${name}: no member may have this name`)
  })

  test('may have every other name, and any text', () => {
    const text =
      '{"length":3,"prototype":{"toString":"a"},"then":[],"$metadata":null,"":"\\ud83e\\udd8a","valueOf":1}'
    expect(jsonProblem(JSON.parse(text))).toBeUndefined()
    for (const value of [null, true, 1e300, '', 'text', [], {}])
      expect(jsonProblem(value)).toBeUndefined()
  })
})
