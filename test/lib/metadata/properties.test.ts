import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OAuthError } from '../../../lib/errors.ts'
import type { JsonObject } from '../../../lib/json.ts'
import type { ClientMetadata } from '../../../lib/metadata/client-metadata.ts'
import { memberDocs } from '../../../lib/metadata/member-docs.ts'
import { parseClientMetadata } from '../../../lib/metadata/parse-client-metadata.ts'
import { parseSettings } from '../../../lib/settings/settings.ts'
import { acrossMembers, everything } from './cross-field.ts'
import { jwks, redirect_uris } from './example.ts'
import { examples } from './examples.ts'

const names = Object.keys(memberDocs)
const servers = [
  parseSettings({}),
  parseSettings({ metadata: { unsupported: 'refuse', unknown: 'refuse', scopes: ['a'] } }),
  parseSettings(everything),
  parseSettings({ metadata: { ...everything.metadata, unsupported: 'narrow' } }),
  parseSettings({
    metadata: { unknown: { allow: { extra: { type: 'object' } } }, subjectTypes: ['pairwise'] },
  }),
]

/** What is registered, or undefined where it is rejected as RFC 7591 §3.2.2 says; anything else thrown is a fault. */
function register(metadata: JsonObject, server = servers[0]): ClientMetadata | undefined {
  if (server === undefined) return undefined
  try {
    return parseClientMetadata(metadata, server, { allowEmptyGrantTypes: false })
  } catch (error) {
    expect(error).toBeInstanceOf(OAuthError)
    if (error instanceof OAuthError) {
      expect(error.status).toBe(400)
      expect(error.description).toMatch(/^[\x20-\x7e]+$/)
    }
    return undefined
  }
}

const sample = Object.values(examples).flatMap(({ accepted, rejected }) => [
  ...accepted,
  ...rejected,
])

/** Any JSON value, and values that rules know, so that more than the first check is reached. */
const value = fc.oneof(
  { arbitrary: fc.jsonValue(), weight: 2 },
  { arbitrary: fc.constantFrom(...sample), weight: 4 },
  { arbitrary: fc.array(fc.constantFrom(...sample), { maxLength: 3 }), weight: 1 },
  { arbitrary: fc.webUrl(), weight: 1 },
  { arbitrary: fc.string({ unit: 'binary' }), weight: 1 },
)
const name = fc.oneof(
  { arbitrary: fc.constantFrom(...names), weight: 8 },
  {
    arbitrary: fc.constantFrom('client_name#ja', 'logo_uri#x', '__proto__', 'toString', 'extra'),
    weight: 1,
  },
  { arbitrary: fc.string(), weight: 1 },
)
const server = fc.constantFrom(...servers)

const plausible = fc
  .constantFrom(
    ...Object.values(acrossMembers).flatMap(({ accepted, rejected }) => [...accepted, ...rejected]),
  )
  .map((metadata) =>
    Object.fromEntries(Object.entries(metadata).filter(([, sent]) => sent !== undefined)),
  )
const request = fc
  .tuple(
    fc.oneof(plausible, fc.constant({ redirect_uris, jwks })),
    fc.array(fc.tuple(name, value), { maxLength: 4 }),
  )
  .map(([metadata, more]): JsonObject => Object.fromEntries([...Object.entries(metadata), ...more]))

describe('whatever is sent', () => {
  test('any value of any member is registered or rejected, and never a fault', () => {
    fc.assert(
      fc.property(name, value, server, (member, sent, settings) => {
        const metadata = register(
          Object.fromEntries([
            ['redirect_uris', redirect_uris],
            [member, sent],
          ]),
          settings,
        )
        if (metadata === undefined) return
        // What is kept of a value that a member's rule knows is one that its examples do not forbid.
        const example = Object.entries(examples).find(([known]) => known === member)?.[1]
        const forbidden = example?.rejected.map((rejected) => JSON.stringify(rejected)) ?? []
        const kept = JSON.stringify(Object.entries(metadata).find(([own]) => own === member)?.[1])
        if (example?.settings === undefined && settings === servers[0])
          expect(forbidden).not.toContain(kept)
      }),
      { numRuns: 5_000 },
    )
  })

  test('what is registered is JSON that is read back equal', () => {
    fc.assert(
      fc.property(request, server, (sent, settings) => {
        const metadata = register(sent, settings)
        if (metadata) expect(JSON.parse(JSON.stringify(metadata))).toEqual(metadata)
      }),
      { numRuns: 2_000 },
    )
  })

  test('registering an answer again yields the same metadata', () => {
    let registered = 0
    fc.assert(
      fc.property(request, server, (sent, settings) => {
        const metadata = register(sent, settings)
        if (metadata === undefined) return
        registered += 1
        expect(register(metadata, settings)).toEqual(metadata)
      }),
      { numRuns: 5_000 },
    )
    expect(registered).toBeGreaterThan(200)
  })

  test('no rejection repeats a value that was sent', () => {
    const marked = fc.constantFrom(
      'Zq7',
      'https://zq7.example/',
      ['Zq7'],
      { zq7: 'Zq7' },
      { keys: [{ kty: 'Zq7' }] },
    )
    fc.assert(
      fc.property(fc.constantFrom(...names), marked, server, (member, sent, settings) => {
        try {
          parseClientMetadata({ redirect_uris, [member]: sent }, settings, {
            allowEmptyGrantTypes: false,
          })
        } catch (error) {
          expect(error instanceof OAuthError && error.description).not.toMatch(/zq7/i)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
