import { OAuthError } from '../errors.ts'
import { algorithmChecks } from '../metadata/checks/algorithms.ts'
import type { ClientMetadata } from '../metadata/client-metadata.ts'
import { cibaGrant } from '../metadata/grants.ts'
import { publicJwks } from '../metadata/rules/jwks.ts'
import { InvalidValue } from '../metadata/rules/rule.ts'
import type { Server } from '../server.ts'
import type { Settings } from '../settings/schema.ts'

type Ports = Pick<Server, 'settings' | 'fetchJson' | 'warn'>

type Document = {
  readonly member: 'sector_identifier_uri' | 'jwks_uri'
  readonly mode: 'warn' | 'on'
  readonly url: string
  /** Describes what is wrong with the document; undefined if it is valid. */
  readonly problem: (
    content: unknown,
    metadata: ClientMetadata,
    settings: Settings,
  ) => string | undefined
}

/**
 * Checks the documents at URLs in the metadata, as configured in settings.metadata.documents.
 * Those of anonymous clients are fetched only if settings.anonymous.fetchDocuments is set.
 * Throws OAuthError `invalid_client_metadata` if a document is unreadable, must not be fetched, or
 * is invalid; with 'warn' the problem is logged instead.
 */
export async function checkDocuments(
  metadata: ClientMetadata,
  isAnonymous: boolean,
  server: Ports,
): Promise<void> {
  const documents = listDocuments(metadata, server.settings)
  const mayFetch = !isAnonymous || server.settings.anonymous.fetchDocuments
  const find = mayFetch ? problemOf : rejectUnread
  await Promise.all(documents.map((document) => checkDocument(document, metadata, find, server)))
}

function listDocuments(
  metadata: ClientMetadata,
  { metadata: settings }: Settings,
): readonly Document[] {
  const { sector_identifier_uri, jwks_uri, subject_type } = metadata
  // By default, fetch only what a specification requires (ADR 0012).
  const sectorMode = settings.documents ?? (subject_type === 'pairwise' ? 'on' : 'off')
  const jwksMode = settings.documents ?? 'off'
  return [
    ...(sector_identifier_uri !== undefined && sectorMode !== 'off'
      ? [
          {
            member: 'sector_identifier_uri',
            url: sector_identifier_uri,
            mode: sectorMode,
            problem: sectorProblem,
          } as const,
        ]
      : []),
    ...(jwks_uri !== undefined && jwksMode !== 'off'
      ? [{ member: 'jwks_uri', url: jwks_uri, mode: jwksMode, problem: jwksProblem } as const]
      : []),
  ]
}

type Find = (
  document: Document,
  metadata: ClientMetadata,
  server: Ports,
) => Promise<OAuthError | undefined>

async function checkDocument(
  document: Document,
  metadata: ClientMetadata,
  find: Find,
  server: Ports,
): Promise<void> {
  const rejection = await find(document, metadata, server)
  if (!rejection) return
  if (document.mode === 'on') throw rejection
  server.warn(rejection.description, rejection.details.cause)
}

const problemOf: Find = ({ member, url, problem }, metadata, { settings, fetchJson }) =>
  fetchJson(url).then(
    (content) => {
      const found = problem(content, metadata, settings)
      return found === undefined ? undefined : invalidMetadata(`${member}: ${found}`)
    },
    (cause) => {
      const ports = settings.metadata.documentPorts.join(' or ')
      return invalidMetadata(
        `${member}: the document cannot be read as JSON over https on port ${ports} within 2 seconds; after a failure, try again in a minute`,
        cause,
      )
    },
  )

/**
 * OpenID Connect Dynamic Client Registration 1.0 §5 requires the check: a document that must not
 * be fetched cannot be registered.
 */
const rejectUnread: Find = async ({ member }) =>
  invalidMetadata(
    `${member}: the document is not fetched for a client that registers without a token; register with a token, or leave it out`,
  )

const invalidMetadata = (description: string, cause?: unknown) =>
  new OAuthError('invalid_client_metadata', description, { cause })

/**
 * OpenID Connect Dynamic Client Registration 1.0 §5: "The values of the registered redirect_uris
 * MUST be included in the elements of the array". CIBA Core 1.0 §4 requires the same of the URI
 * used in their place.
 */
function sectorProblem(content: unknown, metadata: ClientMetadata): string | undefined {
  if (!Array.isArray(content)) return 'expected a JSON array of URIs'
  const missing = [
    ...(metadata.redirect_uris ?? []).map((uri) => ['redirect_uris', uri] as const),
    ...cibaUris(metadata),
  ].find(([, uri]) => !content.includes(uri))
  return missing && `expected a document that lists all of ${missing[0]}`
}

function cibaUris(metadata: ClientMetadata): readonly (readonly [string, string])[] {
  if (!metadata.grant_types.includes(cibaGrant)) return []
  const name =
    metadata.backchannel_token_delivery_mode === 'push'
      ? 'backchannel_client_notification_endpoint'
      : 'jwks_uri'
  const uri = metadata[name]
  return uri === undefined ? [] : [[name, uri]]
}

/** RFC 7517 §5; the key set must have keys for the algorithms that the client registers. */
function jwksProblem(content: unknown, metadata: ClientMetadata, settings: Settings) {
  try {
    const jwks = publicJwks.parse(content, settings)
    if (jwks === undefined) return 'expected a key whose kty is RSA, EC or OKP'
    const { jwks_uri, ...byValue } = metadata
    return algorithmChecks.keysForAlgorithms({ ...byValue, jwks })
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error
    return error.message
  }
}
