import { array, constantFrom, integer, letrec, oneof, string, tuple } from 'fast-check'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { ordinary } from '../support/clients.ts'

/** Names that JavaScript, promises or the SDK ask objects for. */
const known = ['length', 'prototype', 'toString', 'then', '$metadata', 'toJSON', 'valueOf', 'name']

const harmless = constantFrom('a', 'Uint8Array', 'ä🦊', 1, -1.5, 123456789012345, true, null)

const hostile = constantFrom(
  '',
  '\u0000',
  '\ud800',
  'a\udc00',
  2 ** 53,
  -(2 ** 60),
  1e300,
  1e-300,
  -0,
  0.1,
  3e8,
)

/** JSON of these leaves and names, as text. */
const jsonOf = (names: readonly string[], leaf: typeof harmless | typeof hostile) =>
  letrec((tie) => ({
    value: oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      array(tie('value'), { maxLength: 3 }),
      array(tuple(oneof(constantFrom(...names), string({ minLength: 1 })), tie('value')), {
        maxLength: 3,
      }).map((members) => Object.fromEntries(members)),
    ),
  })).value.map((value) => JSON.stringify(value))

/** Something inside so many arrays or objects that recursion into it fails. */
const nested = tuple(
  constantFrom(['[', ']'], ['{"a":', '}'], ['{"constructor":', '}']),
  oneof(integer({ min: 1, max: 40 }), integer({ min: 41, max: 10_000 })),
  constantFrom('1', '"\\ud800"', '{}'),
).map(
  ([[open = '', close = ''], levels, inner]) =>
    `${open.repeat(levels)}${inner}${close.repeat(levels)}`,
)

/** What a member named `constructor` can pretend to be. */
const pretender = constantFrom('Uint8Array', 'Set', 'Map', 'Object', 'Number', 'Blob', '').map(
  (name) => JSON.stringify({ constructor: { name }, length: 300_000_000, size: 1 }),
)

/** The text of any JSON value: one that can be stored, as often as one that cannot. */
export const anyJson = oneof(
  { arbitrary: jsonOf(known, harmless), weight: 4 },
  {
    arbitrary: jsonOf([...known, 'constructor', '__proto__', ''], oneof(harmless, hostile)),
    weight: 3,
  },
  { arbitrary: nested, weight: 1 },
  { arbitrary: pretender, weight: 1 },
  { arbitrary: constantFrom('"a"', 'true', 'null', '7', '"ä🦊"'), weight: 2 },
)

const key = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }

/** Places of a JSON value in client metadata: the text of a request that holds `@` in its place. */
const placesOfMetadata = [
  { vp_formats_supported: { mso_mdoc: { alg: '@' } } },
  { vp_formats_supported: { mso_mdoc: '@' } },
  { jwks: { keys: [{ ...key, extra: '@' }] } },
  { jwks: { keys: [key], extra: '@' } },
  { jwks: '@' },
  { declared: { a: '@' } },
  { declared: '@' },
  { declared_texts: ['@'] },
  { undeclared: '@' },
  { __proto__: '@' },
  { client_name: '@' },
  { 'client_name#de': '@' },
  { redirect_uris: '@' },
  { redirect_uris: ['https://a.example/', '@'] },
  { grant_types: ['@'] },
  { default_max_age: '@' },
  { id_token_signing_alg_values_supported: '@' },
  { software_statement: '@' },
  { client_secret: '@' },
  { client_id: '@' },
].map((members) => JSON.stringify({ ...ordinary, ...members }))

const placesOfIssue = [
  'sub',
  'client_id',
  'scope',
  'audience',
  'access_token',
  'max_uses',
  'policies',
  'x',
]
  .map((name) => `{"${name}":"@"}`)
  .concat('{"access_token":{"lifetime":"@"}}', '{"scope":["@"]}', '"@"')

const placesOfChange = ['disabled', 'label', 'note', 'x', 'constructor']
  .map((name) => `{"${name}":"@"}`)
  .concat('"@"')

const placesOfDisable = ['redirect_host', 'software_id', 'owner', 'key_thumbprint', 'x']
  .map((name) => `{"${name}":"@"}`)
  .concat(
    ['iss', 'note', 'dry_run', 'limit'].map((name) => `{"owner":"alice","${name}":"@"}`),
    '"@"',
  )

const bodies = (places: readonly string[]) =>
  tuple(constantFrom(...places), anyJson).map(([place, value]) => place.replace('"@"', () => value))

/** Texts of requests' bodies that have any JSON value in any place. */
export const anyRegistration = bodies(placesOfMetadata)
export const anyIssue = bodies(placesOfIssue)
export const anyChange = bodies(placesOfChange)
export const anyDisable = bodies(placesOfDisable)

/** Settings under which JSON of any shape is registered. */
export const permissive: SettingsInput = {
  registration: 'dynamic',
  aliases: true,
  registrationAccessToken: { rotateOn: [] },
  metadata: {
    unknown: { allow: { declared: { type: 'object' }, declared_texts: { type: 'strings' } } },
  },
}
