import * as v from 'valibot'
import { metadataContradictions } from './contradictions.ts'
import { metadataSettings } from './metadata-settings.ts'
import { policySettings } from './policy-settings.ts'
import { type ProfileName, profiles } from './profiles.ts'
import { issuerKeys, jwsAlgorithms } from './trusted-issuer.ts'
import { baseUrl, group, integer, isObject, names, scopeToken, serverUrl } from './values.ts'

const day = 86_400

const consumption = v.picklist(['on_success', 'on_attempt', 'never'])

const rotationOperations = v.picklist(['read', 'update'])

const schema = v.pipe(
  group({
    profile: v.optional(v.picklist(Object.keys(profiles) as ProfileName[])),
    issuer: v.optional(serverUrl),
    baseUrl: v.optional(baseUrl),
    registrationPath: v.optional(
      v.pipe(
        v.string(),
        v.regex(/^(\/[A-Za-z0-9._~-]+)+$/, 'expected a path such as /oauth2/register'),
      ),
      '/register',
    ),
    registration: v.optional(v.picklist(['scoped', 'token', 'dynamic', 'disabled']), 'scoped'),
    registrationScope: v.optional(scopeToken, 'client-reg'),
    trustedRegistrationScope: v.optional(scopeToken, 'realm'),
    adminScope: v.optional(scopeToken, 'client-admin'),
    missingTokenStatus: v.optional(v.picklist([401, 403]), 401),
    aliases: v.optional(v.boolean(), false),
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
    accessTokenIssuers: v.optional(
      v.array(
        issuerKeys({
          audience: v.pipe(names, v.minLength(1, 'expected at least one audience')),
          singleUse: v.optional(v.boolean(), false),
        }),
      ),
      [],
    ),
    softwareStatement: v.optional(
      group({
        required: v.optional(v.boolean(), false),
        issuers: v.optional(v.array(issuerKeys({})), []),
        algorithms: jwsAlgorithms,
      }),
      {},
    ),
    signedRequest: v.optional(
      group({
        required: v.optional(v.boolean(), false),
        issuers: v.optional(v.array(issuerKeys({})), []),
        algorithms: jwsAlgorithms,
      }),
      {},
    ),
    policies: v.optional(names, []),
    policySettings: v.optional(policySettings, {}),
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
    metadata: v.optional(metadataSettings, {}),
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
      ({ softwareStatement: { required, issuers } }) => !required || issuers.length > 0,
      'contradicts required: true (nobody is trusted to sign)',
    ),
    ['softwareStatement', 'issuers'],
  ),
  v.forward(
    v.check(
      ({ signedRequest: { required, issuers } }) => !required || issuers.length > 0,
      'contradicts required: true (nobody is trusted to sign)',
    ),
    ['signedRequest', 'issuers'],
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
  const problems = parsed.success
    ? metadataContradictions(parsed.output)
    : parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'settings'}: ${issue.message}`)
  if (!parsed.success || problems.length > 0) throw new SettingsError(problems)
  return parsed.output
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
