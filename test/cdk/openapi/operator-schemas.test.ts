import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { operatorClientSchemas } from '../../../cdk/openapi/client-schemas.ts'
import { operatorTokenSchemas } from '../../../cdk/openapi/token-schemas.ts'
import { checkSchema } from '../../../lib/operator/check-client-secret.ts'
import { issueSchema } from '../../../lib/operator/issue-initial-access-token.ts'
import { changeSchema } from '../../../lib/operator/update-client-admin.ts'
import { compile } from './json-schema.ts'

/** Values on both sides of each limit, and of other types. */
const values = [
  ...['alice', '["iss","sub"]', '', 'on_success', 'IDENTIFIER', 'a b', null],
  ...[64, 65, 255, 256, 1024, 1025].map((length) => 'x'.repeat(length)),
  ...[true, 0, 1, 1.5, 1_000_000, 1_000_001],
  ...[[], ['client-reg'], [''], ['a"b'], [1], Array(50).fill('a'), Array(51).fill('a')],
  ...[{}, { encoding: 'JWT' }, { more: 1 }],
  ...[0, 60, 3650 * 86_400, 3650 * 86_400 + 1].map((lifetime) => ({ lifetime })),
]

/** Bodies with some members of a request, and sometimes one that it has not. */
const bodies = (names: readonly string[]) =>
  fc.dictionary(fc.constantFrom(...names, 'unheard_of'), fc.constantFrom(...values), {
    maxKeys: 2,
    noNullPrototype: true,
  })

describe.each([
  ['InitialAccessTokenRequest', operatorTokenSchemas, issueSchema],
  ['ClientChange', operatorClientSchemas, changeSchema],
  ['SecretCheckRequest', operatorClientSchemas, checkSchema],
] as const)('the JSON Schema %s', (name, schemas, schema) => {
  test('accepts what the service accepts, and nothing else', () => {
    const described = schemas[name] ?? {}
    const validate = compile(described)
    const judged = { accepted: 0, rejected: 0 }
    fc.assert(
      fc.property(bodies(Object.keys(described.properties ?? {})), (body) => {
        const accepted = v.safeParse(schema, body).success
        judged[accepted ? 'accepted' : 'rejected'] += 1
        expect(validate(body)).toBe(accepted)
      }),
      { numRuns: 3_000 },
    )
    expect(Math.min(judged.accepted, judged.rejected)).toBeGreaterThan(100)
  })
})
