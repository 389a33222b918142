import { OAuthError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { type SoftwareStatement, verifySoftwareStatement } from '../jwt/software-statement.ts'
import type { ClientMetadata } from '../metadata/client-metadata.ts'
import { dropOmitted } from '../metadata/omitted.ts'
import { parseClientMetadata } from '../metadata/parse-client-metadata.ts'
import { asksForNoScope } from '../metadata/rules/scope-tokens.ts'
import { type PolicyInput, type PolicyResult, runPolicies } from '../policy/policy.ts'
import type { Server, ServerConfig } from '../server.ts'
import type { Settings } from '../settings/schema.ts'
import { canonicalMembers } from './aliases.ts'
import {
  dropOtherScopes,
  type RetainedEntitlements,
  vouchedBy,
  withinAnonymous,
} from './anonymous-clients.ts'
import { checkDocuments } from './metadata-documents.ts'
import { stripReservedScopes } from './reserved-scopes.ts'
import { type ScopeLock, withinLock } from './scope-lock.ts'

/** The authorization that metadata is validated under. */
export type Permission = {
  readonly input: PolicyInput
  /** Names of the policies for this request, in addition to those in the settings. */
  readonly policies: readonly string[]
  readonly lock: ScopeLock
  readonly allowEmptyGrantTypes: boolean
  /** The software statement whose keys verified the request itself. */
  readonly statement?: SoftwareStatement | undefined
  /** The registered software statement; already verified, and valid while the client resends it. */
  readonly registeredStatement?: string | undefined
  /** The registered scope. */
  readonly registeredScope?: string | undefined
  /** Set if the client is anonymous: what it already has. */
  readonly anonymous?: RetainedEntitlements | undefined
}

export type PermitPorts = ServerConfig &
  Pick<Server, 'trust' | 'policies' | 'fetchJson' | 'annotate' | 'warn'>

export type PermittedMetadata = {
  readonly metadata: ClientMetadata
  readonly policyResult: PolicyResult
}

/**
 * (Ours) computes the metadata to register from a request. The software statement takes precedence
 * over plain members, policies run before validation, and validation is limited by the lock of the
 * client's token. `now` in Unix seconds. Throws the OAuthErrors of statements, policies and
 * validation, and `temporarily_unavailable`.
 */
export async function permit(
  body: JsonObject,
  permission: Permission,
  now: number,
  server: PermitPorts,
): Promise<PermittedMetadata> {
  const { settings } = server
  const { input, lock, allowEmptyGrantTypes, anonymous } = permission
  const { registeredStatement, registeredScope } = permission
  const sent = canonicalMembers(dropOmitted(body), settings)
  const statement =
    permission.statement ?? (await verifySoftwareStatement(sent, registeredStatement, now, server))
  const stated = dropOmitted(statement?.members ?? {})
  const vouched = vouchedBy(stated)

  const policies = [...settings.policies, ...permission.policies]
  server.annotate({ policies })
  const policyResult = await runPolicies(
    policies,
    input,
    withStatement(sent, stated),
    server.policies,
  )

  // A policy's own statement is discarded: it was not verified.
  let members = withStatement({ ...policyResult.metadata, software_statement: null }, stated)
  members = withLockedScope(members, lock)
  if (input.registration_method !== 'operator')
    members = stripReservedScopes(members, registeredScope, settings)
  if (anonymous) members = dropOtherScopes(members, settings, anonymous.scopes, vouched.scopes)
  members = dropOmitted(members)

  const bounds = anonymous ? withinAnonymous(settings, anonymous.grants, vouched.grants) : settings
  const metadata = parseClientMetadata(members, withinLock(bounds, lock), { allowEmptyGrantTypes })
  checkSize(metadata, maxBytes(anonymous, settings))
  await checkDocuments(metadata, anonymous !== undefined && statement === undefined, server)
  return { metadata, policyResult }
}

/**
 * RFC 7591 §2: "the value of a claim in the software statement MUST take precedence".
 * Language-tagged forms are the same member (§2.2), so the statement overrides them too.
 */
function withStatement(members: JsonObject, statement: JsonObject): JsonObject {
  const stated = new Set(Object.keys(statement).map(untagged))
  const others = Object.entries(members).filter(([name]) => !stated.has(untagged(name)))
  return { ...Object.fromEntries(others), ...statement }
}

const untagged = (name: string): string => name.replace(/#.*/s, '')

/** A client locked to scopes that requests none gets these, not the server's default. */
function withLockedScope(sent: JsonObject, { scopes }: ScopeLock): JsonObject {
  return scopes === undefined || !asksForNoScope(sent.scope)
    ? sent
    : { ...sent, scope: scopes.join(' ') }
}

/** An anonymous client may keep the size that it has. */
const maxBytes = (
  anonymous: RetainedEntitlements | undefined,
  { anonymous: { item }, limits }: Settings,
): number => (anonymous ? Math.min(Math.max(item, anonymous.bytes), limits.item) : limits.item)

/** A failed conditional write is billed by item size, so the size is limited. */
function checkSize(metadata: ClientMetadata, limit: number): void {
  if (Buffer.byteLength(JSON.stringify(metadata)) > limit)
    throw new OAuthError('invalid_client_metadata', `the metadata exceed ${limit} bytes`)
}
