import { describe, expect, test } from 'vitest'
import { OAuthError } from '../../../lib/errors.ts'
import { parseClientMetadata } from '../../../lib/metadata/parse-client-metadata.ts'
import { parseSettings } from '../../../lib/settings/settings.ts'
import { jwks, redirect_uris } from './example.ts'

const settings = parseSettings({
  metadata: { unknown: { allow: { declared: { type: 'object' } } } },
})

/** Each member of client metadata that holds JSON of any shape, with this value somewhere in it. */
const places: Readonly<Record<string, (value: unknown) => object>> = {
  vp_formats_supported: (value) => ({ vp_formats_supported: { mso_mdoc: value } }),
  jwks: (value) => ({ jwks: { ...jwks, extra: value } }),
  'a key of jwks': (value) => ({ jwks: { keys: [{ ...jwks.keys[0], extra: value }] } }),
  'a declared member': (value) => ({ declared: { list: [value] } }),
}

/** What is registered with a member of this value, or why it is rejected. */
function register(place: (value: unknown) => object, value: unknown): unknown {
  try {
    const sent = { redirect_uris, ...place(value) }
    return parseClientMetadata(sent, settings, { allowEmptyGrantTypes: false })
  } catch (error) {
    if (error instanceof OAuthError) return error.description
    throw error
  }
}

const inner = (text: string) => ({ a: JSON.parse(text) })

describe.each(Object.entries(places))('JSON of any shape in %s', (_, place) => {
  test.each(['constructor', '__proto__'])('has no member named %s', (name) => {
    for (const text of [`{"${name}":1}`, `[{"b":{"${name}":{"name":"Uint8Array"}}}]`])
      expect(register(place, inner(text))).toContain(`expected no member named ${name}`)
  })

  test('keeps every other name as it is', () => {
    const value = inner(
      '{"length":3,"prototype":{"toString":"a"},"then":[],"$metadata":null,"valueOf":-1.5}',
    )
    expect(register(place, value)).toMatchObject(place(value))
  })

  test.each([
    ['an empty name', '{"":1}', 'empty member name'],
    ['an unpaired surrogate', '"\\ud800"', 'invalid Unicode (unpaired surrogate)'],
    ['a name with one', '{"\\udc00":1}', 'invalid Unicode (unpaired surrogate)'],
    ['an integer above 2^53 - 1', '9007199254740992', 'expected numbers of at most 15 digits'],
    ['a number beyond a double', '1e400', 'expected numbers of at most 15 digits'],
    ['nine levels', '[[[[[[[[1]]]]]]]]', 'expected at most 8 levels'],
  ])('has no %s', (_title, text, problem) => {
    expect(register(place, inner(text))).toContain(problem)
  })

  test.each([
    ['a date', new Date(0)],
    ['bytes', new Uint8Array(3)],
    ['a set', new Set([1])],
    ['a big integer', 1n],
    ['nothing', undefined],
  ])('is JSON, also where a policy has set it: %s is rejected', (_title, value) => {
    expect(register(place, [value])).toContain('expected JSON values')
  })
})
