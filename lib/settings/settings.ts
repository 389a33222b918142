import * as v from 'valibot'
import { type ProfileName, profiles } from './profiles.ts'

const day = 86_400

/** A group of settings: an unknown key is named together with the keys that exist. */
function group<Entries extends v.ObjectEntries>(entries: Entries) {
  return v.strictObject(entries, (issue) =>
    issue.expected === 'never'
      ? `unknown setting; known here: ${Object.keys(entries).join(', ')}`
      : `expected an object, received ${issue.received}`,
  )
}

const integer = (from: number, to: number) =>
  v.pipe(
    v.number(),
    v.integer(),
    v.minValue(from, `expected a whole number from ${from} to ${to}`),
    v.maxValue(to, `expected a whole number from ${from} to ${to}`),
  )

const loopback = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(\/|$)/

const serverUrl = v.pipe(
  v.string(),
  v.check(
    (url) => URL.canParse(url) && (url.startsWith('https://') || loopback.test(url)),
    'expected an https URL (http on loopback only)',
  ),
  v.check(
    (url) => !/[?#]/.test(url) && !url.endsWith('/'),
    'expected no query, fragment or trailing slash',
  ),
)

const scopeToken = v.pipe(
  v.string(),
  v.regex(/^[\x21\x23-\x5B\x5D-\x7E]+$/, 'expected one scope token'),
)
const names = v.array(v.pipe(v.string(), v.nonEmpty('expected a non-empty name')))

const consumption = v.picklist(['on_success', 'on_attempt', 'never'])

const rotationOperations = v.picklist(['read', 'update'])

const schema = v.pipe(
  group({
    profile: v.optional(v.picklist(Object.keys(profiles) as ProfileName[])),
    issuer: v.optional(serverUrl),
    baseUrl: v.optional(serverUrl),
    registrationPath: v.optional(
      v.pipe(
        v.string(),
        v.regex(/^(\/[A-Za-z0-9._~-]+)+$/, 'expected a path such as /oauth2/register'),
      ),
      '/register',
    ),
    registration: v.optional(v.picklist(['scoped', 'token', 'dynamic', 'disabled']), 'scoped'),
    registrationScope: v.optional(scopeToken, 'client-reg'),
    missingTokenStatus: v.optional(v.picklist([401, 403]), 401),
    successStatus: v.optional(v.picklist([201, 200]), 201),
    initialAccessToken: v.optional(
      group({
        static: v.optional(v.boolean(), false),
        lifetime: v.optional(integer(1, 3650 * day), day),
        maxUses: v.optional(integer(1, 1_000_000), 1),
        consumed: v.optional(consumption, 'on_success'),
      }),
      {},
    ),
    registrationAccessToken: v.optional(
      group({
        issue: v.optional(v.boolean(), true),
        lifetime: v.optional(integer(0, 3650 * day), 30 * day),
        rotateOn: v.optional(v.array(rotationOperations), ['read', 'update']),
        reuseWindow: v.optional(integer(0, 300), 0),
      }),
      {},
    ),
    clientSecret: v.optional(
      group({
        bytes: v.optional(integer(32, 256), 64),
        lifetime: v.optional(integer(0, 3650 * day), 0),
        storage: v.optional(v.picklist(['encrypted', 'digest']), 'encrypted'),
      }),
      {},
    ),
    metadata: v.optional(
      group({
        grantTypes: v.optional(names, [
          'authorization_code',
          'refresh_token',
          'client_credentials',
        ]),
        responseTypes: v.optional(names, ['code']),
        tokenEndpointAuthMethods: v.optional(
          v.pipe(names, v.minLength(1, 'expected at least one method')),
          ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
        ),
        scopes: v.optional(v.array(scopeToken)),
        unsupported: v.optional(v.picklist(['narrow', 'refuse']), 'narrow'),
        unknown: v.optional(v.picklist(['drop', 'refuse']), 'drop'),
      }),
      {},
    ),
    discovery: v.optional(v.record(v.string(), v.unknown()), {}),
    limits: v.optional(
      group({
        body: v.optional(integer(1024, 1_048_576), 65_536),
        redirectUris: v.optional(integer(1, 100), 20),
        uriLength: v.optional(integer(64, 8192), 2048),
        stringLength: v.optional(integer(64, 16_384), 4096),
        item: v.optional(integer(4096, 65_536), 16_384),
      }),
      {},
    ),
    throttle: v.optional(
      group({
        rate: v.optional(integer(1, 10_000), 100),
        burst: v.optional(integer(1, 5_000), 200),
      }),
      {},
    ),
  }),
  v.forward(
    v.check(
      ({ registrationPath }) =>
        !/^\/(initial-access-tokens|clients|applications|openapi\.json|\.well-known)(\/|$)/.test(
          registrationPath,
        ),
      'collides with another endpoint of this service',
    ),
    ['registrationPath'],
  ),
  v.forward(
    v.check(
      ({ registrationAccessToken: { rotateOn, reuseWindow } }) =>
        reuseWindow === 0 || rotateOn.length > 0,
      'contradicts rotateOn: [] (without rotation there is no previous token to reuse)',
    ),
    ['registrationAccessToken', 'reuseWindow'],
  ),
  v.forward(
    v.check(
      ({ registrationAccessToken: { issue, rotateOn } }) => issue || rotateOn.length === 0,
      'contradicts issue: false (no token is issued, none can rotate); say rotateOn: []',
    ),
    ['registrationAccessToken', 'rotateOn'],
  ),
  v.forward(
    v.check(
      ({ clientSecret, metadata }) =>
        clientSecret.storage === 'encrypted' ||
        !metadata.tokenEndpointAuthMethods.includes('client_secret_jwt'),
      'contradicts metadata.tokenEndpointAuthMethods: client_secret_jwt needs storage: encrypted',
    ),
    ['clientSecret', 'storage'],
  ),
  v.forward(
    v.check(
      ({ discovery }) => !('registration_endpoint' in discovery || 'issuer' in discovery),
      'issuer and registration_endpoint are published by this service; leave them out',
    ),
    ['discovery'],
  ),
)

/** What a team may write: every setting is optional (times in seconds, sizes in bytes). */
export type SettingsInput = v.InferInput<typeof schema>

/** Validated settings of one stage, every default filled in (times in seconds, sizes in bytes). */
export type Settings = v.InferOutput<typeof schema>

/** Settings that do not hold; `problems` has one line for each, naming the setting and what it allows. */
export class SettingsError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`Settings are not valid:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
    this.name = 'SettingsError'
    this.problems = problems
  }
}

/**
 * The settings of a stage: its profile's members, overridden by its own, defaults filled in.
 * Throws SettingsError, which names every unknown key, wrong value and contradiction.
 */
export function parseSettings(input: unknown): Settings {
  const parsed = v.safeParse(schema, withProfile(input))
  if (parsed.success) return parsed.output
  throw new SettingsError(
    parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'settings'}: ${issue.message}`),
  )
}

function withProfile(input: unknown): unknown {
  const profile = isObject(input) ? input.profile : undefined
  if (typeof profile !== 'string' || !Object.hasOwn(profiles, profile)) return input
  return override(profiles[profile as ProfileName], input)
}

/** Groups are merged member by member; a list or a value replaces the profile's. */
function override(base: unknown, own: unknown): unknown {
  if (!isObject(base) || !isObject(own)) return own
  const merged: Record<string, unknown> = { ...base }
  for (const [name, value] of Object.entries(own)) {
    merged[name] = Object.hasOwn(base, name) ? override(base[name], value) : value
  }
  return merged
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
