import * as v from 'valibot'
import { OAuthError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { isReserved } from '../permission/reserved-scopes.ts'
import { scopeLock } from '../permission/scope-lock.ts'
import { sourceLogFields } from '../ports/request-log-fields.ts'
import type { Server, ServerConfig } from '../server.ts'
import type { Settings } from '../settings/schema.ts'
import { scopeToken } from '../settings/values.ts'
import { generateInitialAccessToken } from '../tokens/initial-access-token.ts'
import { members, parseRequest, text } from './parse-request.ts'
import { requireOperator } from './require-operator.ts'

export type InitialAccessTokenRequest = {
  readonly bearer: string | undefined
  readonly body: JsonObject
  /** Unix seconds. */
  readonly now: number
}

/** The new token, returned only once (in the shape of RFC 6749 §5.1); `expires_in` in seconds. */
export type InitialAccessTokenResponse = {
  readonly id: string
  readonly access_token: string
  readonly token_type: 'Bearer'
  readonly expires_in: number
  readonly scope: string
}

const name = text(255)
/** The prefix `["` is reserved for owners with an issuer (lib/owner.ts). */
const sub = v.pipe(
  name,
  v.check((value) => !value.startsWith('["'), 'expected a name that does not begin with ["'),
)
const textList = v.pipe(v.array(name), v.maxLength(50, 'expected at most 50 items'))
const positiveInteger = (to: number) =>
  v.pipe(
    v.number(`expected a whole number from 1 to ${to}`),
    v.check(
      (value) => Number.isInteger(value) && value >= 1 && value <= to,
      `expected a whole number from 1 to ${to}`,
    ),
  )

/** The request to issue an initial access token. */
export const issueSchema = members({
  sub: v.optional(sub),
  client_id: v.optional(name),
  scope: v.optional(
    v.pipe(
      v.array(scopeToken),
      v.minLength(1, 'expected at least one scope token'),
      v.maxLength(50, 'expected at most 50 scope tokens'),
    ),
  ),
  audience: v.optional(textList),
  access_token: v.optional(
    members({
      lifetime: v.optional(positiveInteger(3650 * 86_400)),
      encoding: v.optional(v.literal('IDENTIFIER', 'expected IDENTIFIER')),
    }),
  ),
  max_uses: v.optional(positiveInteger(1_000_000)),
  consumed: v.optional(
    v.picklist(['on_success', 'on_attempt', 'never'], 'expected on_success, on_attempt or never'),
  ),
  policies: v.optional(textList),
})

/**
 * Issues an initial access token (RFC 7591 §1.2) to the operator. Every member of the request is
 * optional; the defaults come from the settings.
 * Throws OAuthError `missing_token`, `invalid_token`, `invalid_request`.
 */
export async function issueInitialAccessToken(
  { bearer, body, now }: InitialAccessTokenRequest,
  server: Server,
): Promise<InitialAccessTokenResponse> {
  const { settings, initialAccessTokens } = server
  const parse = () => parseIssue(body, server)
  const { request, consumed, uses, scope } = await requireOperator(bearer, now, server, parse)

  const expires_in = request.access_token?.lifetime ?? settings.initialAccessToken.lifetime
  const { sub } = request
  const { id, token, token_digest } = generateInitialAccessToken(consumed)
  await initialAccessTokens.issue({
    id,
    token_digest,
    issued_at: now,
    expires_at: now + expires_in,
    ...uses,
    scope,
    sub,
    client_id: request.client_id,
    audience: request.audience,
    policies: request.policies,
  })
  server.annotate(sourceLogFields({ initial_access_token: id, owner: sub }))
  return { id, access_token: token, token_type: 'Bearer', expires_in, scope }
}

type Request = v.InferOutput<typeof issueSchema>
type IssuePorts = ServerConfig & Pick<Server, 'clients' | 'policies'>

/** Parses the request and applies the defaults. Throws OAuthError `invalid_request`. */
async function parseIssue(body: JsonObject, server: IssuePorts) {
  const { settings } = server
  const request = parseRequest(issueSchema, body)
  const consumed = request.consumed ?? settings.initialAccessToken.consumed
  const uses = useLimits(consumed, request.max_uses, settings.initialAccessToken.maxUses)
  const scope = request.scope?.join(' ') ?? settings.registrationScope
  checkLock(scope, settings)
  await checkNames(request, server)
  return { request, consumed, uses, scope }
}

/** A token that is never consumed has no use limit. */
function useLimits(consumed: string, requested: number | undefined, defaultMax: number) {
  if (consumed !== 'never')
    return { max_uses: requested ?? defaultMax, uses_left: requested ?? defaultMax }
  if (requested === undefined) return {}
  throw new OAuthError('invalid_request', 'max_uses: contradicts consumed never')
}

/** RFC 7591 §3: a token must not grant reserved scopes that its bearer could not register. */
function checkLock(scope: string, settings: Settings): void {
  const { scopes = [] } = scopeLock(scope, settings.registrationScope) ?? {}
  const supported = settings.metadata.scopes ?? []
  if (scopes.some((token) => isReserved(token, settings) && !supported.includes(token)))
    throw new OAuthError('invalid_request', 'scope: locks clients to a scope of the operator')
}

/** Checks that the audience is this server, and that the client and the policies exist. */
async function checkNames({ audience, client_id, policies = [] }: Request, server: IssuePorts) {
  const acceptedAudiences = [server.issuer, server.registrationEndpoint]
  if (audience?.some((name) => !acceptedAudiences.includes(name)))
    throw new OAuthError('invalid_request', `audience: expected ${acceptedAudiences.join(' or ')}`)
  if (!policies.every((name) => server.policies.has(name)))
    throw new OAuthError(
      'invalid_request',
      `policies: expected names among ${[...server.policies.keys()].join(', ')}`,
    )
  if (client_id !== undefined && (await server.clients.find(client_id)) === undefined)
    throw new OAuthError('invalid_request', 'client_id: no such client')
}
