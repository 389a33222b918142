import { createHash } from 'node:crypto'
import { OAuthError } from '../../lib/errors.ts'
import type { CognitoSettings } from '../../lib/settings/connector-settings.ts'
import type { PushedClient } from './connector.ts'
import { unenforcedMember } from './unenforced-members.ts'
import { unsupported } from './unsupported.ts'

/** The members of Cognito's UserPoolClientType that this service sets, always all of them. */
export type CognitoClient = {
  readonly ClientName: string
  readonly AllowedOAuthFlowsUserPoolClient: boolean
  readonly AllowedOAuthFlows: readonly string[]
  readonly AllowedOAuthScopes: readonly string[]
  readonly CallbackURLs: readonly string[]
  readonly LogoutURLs: readonly string[]
  readonly ExplicitAuthFlows: readonly string[]
  readonly SupportedIdentityProviders: readonly string[]
  readonly EnableTokenRevocation: true
  readonly PreventUserExistenceErrors: 'ENABLED'
}

/** The end of a name: app clients have neither tags nor metadata. */
export type Mark = {
  /** Whether the app client was created with a secret, which Cognito never changes. */
  readonly hasSecret: boolean
  /** Digest of the current secret, which Cognito does not return; undefined before its push. */
  readonly secretDigest: string | undefined
}

/** An app client without OAuth. An empty list of authentication flows would be three of them. */
const closed = {
  AllowedOAuthFlowsUserPoolClient: false,
  AllowedOAuthFlows: [],
  AllowedOAuthScopes: [],
  CallbackURLs: [],
  LogoutURLs: [],
  ExplicitAuthFlows: ['ALLOW_CUSTOM_AUTH'],
  SupportedIdentityProviders: [],
  EnableTokenRevocation: true,
  PreventUserExistenceErrors: 'ENABLED',
} as const

const authMethods = ['none', 'client_secret_basic', 'client_secret_post']

/** RFC 7591 §2 `grant_types` and Cognito's flows. Refresh tokens are an authentication flow there. */
const flows: Readonly<Record<string, string | undefined>> = {
  authorization_code: 'code',
  implicit: 'implicit',
  client_credentials: 'client_credentials',
}

const maxUris = 100
const maxUri = 1_024
/** Leaves room for the mark in 128 characters. */
const maxName = 90

/** A client that was created for its identifier, and can do nothing. */
export const reservedClient = (hasSecret: boolean, source: string): CognitoClient => ({
  ...closed,
  ClientName: nameOf('client', { hasSecret, secretDigest: undefined }, source),
})

/**
 * Maps a client to what Cognito stores. Throws OAuthError `invalid_client_metadata` or
 * `invalid_redirect_uri` if Cognito cannot hold the client, or would give it more than it registered.
 */
export function toCognitoClient(
  { client, client_secret, isActive }: PushedClient,
  { defaultScopes, identityProviders }: CognitoSettings,
  source: string,
): CognitoClient {
  checkSupport(client)
  const { grant_types, redirect_uris = [], post_logout_redirect_uris = [] } = client
  const isWithSecret = isActive && client_secret !== undefined
  const ClientName = nameOf(
    client.client_name ?? 'client',
    {
      hasSecret: client.token_endpoint_auth_method !== 'none',
      secretDigest: isWithSecret ? digestOf(client.client_id, client_secret) : undefined,
    },
    source,
  )
  const allowed = grant_types.flatMap((grant) => flows[grant] ?? [])
  if (!isActive || allowed.length === 0) return { ...closed, ClientName }
  const isMachine = allowed.includes('client_credentials')
  return {
    ...closed,
    ClientName,
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: allowed,
    AllowedOAuthScopes: client.scope?.split(' ') ?? defaultScopes,
    CallbackURLs: isMachine ? [] : redirect_uris,
    LogoutURLs: isMachine ? [] : post_logout_redirect_uris,
    SupportedIdentityProviders: isMachine ? [] : identityProviders,
    ...(grant_types.includes('refresh_token') && {
      ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
    }),
  }
}

function checkSupport(client: PushedClient['client']): void {
  const { grant_types, redirect_uris = [], post_logout_redirect_uris = [] } = client
  if (!authMethods.includes(client.token_endpoint_auth_method))
    throw unsupported('token_endpoint_auth_method')
  if (client.subject_type !== 'public') throw unsupported('subject_type')
  if (client.id_token_signed_response_alg !== 'RS256')
    throw unsupported('id_token_signed_response_alg')
  if (client.userinfo_signed_response_alg !== undefined)
    throw unsupported('userinfo_signed_response_alg')
  const unenforced = unenforcedMember(client)
  if (unenforced !== undefined) throw unsupported(unenforced)
  if (grant_types.some((grant) => flows[grant] === undefined && grant !== 'refresh_token'))
    throw unsupported('grant_types')
  if (grant_types.includes('client_credentials')) checkMachine(client)
  for (const uris of [redirect_uris, post_logout_redirect_uris]) checkUris(uris)
}

/** Cognito's client credentials need a secret, and exclude every other flow. */
function checkMachine({ grant_types, token_endpoint_auth_method }: PushedClient['client']): void {
  if (grant_types.length > 1)
    throw new OAuthError(
      'invalid_client_metadata',
      'grant_types: the authorization server takes client_credentials only alone',
    )
  if (token_endpoint_auth_method === 'none') throw unsupported('token_endpoint_auth_method')
}

/** Hosts for which Cognito takes http. */
const loopback = ['localhost', '127.0.0.1', '[::1]']

function checkUris(uris: readonly string[]): void {
  if (uris.length > maxUris) throw invalidUri(`expected at most ${maxUris} URIs`)
  for (const uri of uris) {
    const { protocol, hostname, port } = new URL(uri)
    if (uri.length > maxUri) throw invalidUri(`expected at most ${maxUri} characters`)
    if (uri.includes('#')) throw invalidUri('expected a URI without a fragment')
    if (protocol !== 'http:') continue
    if (!loopback.includes(hostname))
      throw invalidUri('expected https, or http on localhost, 127.0.0.1 or [::1]')
    // RFC 8252 §7.3 lets a native app listen on any port. Cognito compares the port as well.
    if (port === '')
      throw invalidUri('expected the port of a loopback URI, which Amazon Cognito compares')
  }
}

const invalidUri = (description: string) => new OAuthError('invalid_redirect_uri', description)

const hash = (text: string) => createHash('sha256').update(text)

const sourceMark = (source: string) => hash(source).digest('hex').slice(0, 8)

const digestOf = (client_id: string, client_secret: string) =>
  hash(`${client_id} ${client_secret}`).digest('base64url').slice(0, 22)

/** Cognito's names have letters without accents, digits, spaces and a few signs. */
function nameOf(name: string, { hasSecret, secretDigest }: Mark, source: string): string {
  const plain = name.normalize('NFKD').replace(/[^\w +=,.@-]/g, '')
  const kind = hasSecret ? 'c' : 'p'
  const mark = `dcr-${sourceMark(source)}-${kind}-${secretDigest ?? 'none'}`
  return `${plain.slice(0, maxName)} ${mark}`.trim()
}

/** The mark of an app client by its name; undefined if it is not from this service. */
export function markOf(ClientName: unknown, source: string): Mark | undefined {
  const [, from, kind, digest] =
    /(?:^| )dcr-([0-9a-f]{8})-([cp])-([\w-]{22}|none)$/.exec(String(ClientName)) ?? []
  if (from !== sourceMark(source)) return undefined
  return { hasSecret: kind === 'c', secretDigest: digest === 'none' ? undefined : digest }
}

/** What is compared: lists as sets. */
export const cognitoFingerprint = (client: Partial<CognitoClient>): string =>
  hash(JSON.stringify(compared.map((name) => comparable(client[name])))).digest('base64url')

const comparable = (value: unknown): unknown =>
  Array.isArray(value) ? [...value].sort() : value || []

const compared = [
  ...(['ClientName', 'AllowedOAuthFlowsUserPoolClient', 'AllowedOAuthFlows'] as const),
  ...(['AllowedOAuthScopes', 'CallbackURLs', 'LogoutURLs', 'ExplicitAuthFlows'] as const),
  ...(['SupportedIdentityProviders', 'EnableTokenRevocation'] as const),
  'PreventUserExistenceErrors' as const,
]
