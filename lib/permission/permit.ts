import { OAuthError } from '../errors.ts'
import { type SoftwareStatement, verifySoftwareStatement } from '../jwt/software-statement.ts'
import type { ClientMetadata } from '../metadata/client-metadata.ts'
import { dropOmitted } from '../metadata/omitted.ts'
import { type JsonObject, parseClientMetadata } from '../metadata/parse-client-metadata.ts'
import { asksForNoScope } from '../metadata/rules/scope-tokens.ts'
import { type PolicyInput, type PolicyResult, runPolicies } from '../policy/policy.ts'
import type { Server } from '../server.ts'
import { canonicalMembers } from './aliases.ts'
import { dropOtherScopes, type Held, vouchedBy, withinAnonymous } from './anonymous-clients.ts'
import { checkDocuments } from './metadata-documents.ts'
import { stripReservedScopes } from './reserved-scopes.ts'
import { type ScopeLock, withinLock } from './scope-lock.ts'

/** The right under which metadata is judged. */
export type Permission = {
  readonly input: PolicyInput
  /** Names of the policies that govern this request, beside those of the settings. */
  readonly policies: readonly string[]
  readonly lock: ScopeLock
  readonly allowEmptyGrantTypes: boolean
  /** The software statement that has verified the request itself. */
  readonly statement?: SoftwareStatement | undefined
  /** The software statement that is registered already: it was verified then, and holds while it is sent again. */
  readonly registeredStatement?: string | undefined
  /** The scope that is registered already. */
  readonly registeredScope?: string | undefined
  /** Set where nobody vouches for the client: what it has all the same. */
  readonly anonymous?: Held | undefined
}

export type PermittedMetadata = {
  readonly metadata: ClientMetadata
  readonly policyResult: PolicyResult
}

/**
 * (Ours) what this server lets a client register, of what it sent: the software statement wins over plain members,
 * policies run before the rules, the rules hold inside the lock of the client's token. `now` in Unix seconds.
 * Throws OAuthError: what a statement, a policy or a rule refuses, `temporarily_unavailable`.
 */
export async function permit(
  body: JsonObject,
  permission: Permission,
  now: number,
  server: Server,
): Promise<PermittedMetadata> {
  const { settings } = server
  const {
    input,
    policies,
    lock,
    allowEmptyGrantTypes,
    anonymous,
    registeredStatement,
    registeredScope,
  } = permission
  const sent = canonicalMembers(dropOmitted(body), settings)
  const statement =
    permission.statement ?? (await verifySoftwareStatement(sent, registeredStatement, now, server))
  const stated = statement && dropOmitted(statement.members)
  const names = [...settings.policies, ...policies]
  server.annotate({ policies: names })
  const policyResult = await runPolicies(names, input, withStatement(sent, stated), server.policies)
  // A statement that a policy has put in place of the verified one, or of none, was verified by nobody.
  const decided = withStatement({ ...policyResult.metadata, software_statement: null }, stated)
  const locked = withLockedScope(decided, lock)
  const allowed =
    input.registration_method === 'operator'
      ? locked
      : stripReservedScopes(locked, registeredScope, settings)
  const vouched = vouchedBy(stated ?? {})
  const granted = anonymous
    ? dropOtherScopes(allowed, settings, anonymous.scopes, vouched.scopes)
    : allowed
  const governed = dropOmitted(granted)
  const bounds = anonymous ? withinAnonymous(settings, anonymous.grants, vouched.grants) : settings
  const metadata = parseClientMetadata(governed, withinLock(bounds, lock), { allowEmptyGrantTypes })
  const { limits } = settings
  const maxBytes = anonymous ? Math.max(settings.anonymous.item, anonymous.bytes) : limits.item
  checkSize(metadata, Math.min(maxBytes, limits.item))
  await checkDocuments(metadata, anonymous !== undefined && statement === undefined, server)
  return { metadata, policyResult }
}

/**
 * RFC 7591 §2: "the value of a claim in the software statement MUST take precedence". The tagged forms of a member are
 * the same member in other languages (§2.2), so they are the statement's too.
 */
function withStatement(members: JsonObject, statement: JsonObject = {}): JsonObject {
  const stated = new Set(Object.keys(statement).map(untagged))
  const others = Object.entries(members).filter(([name]) => !stated.has(untagged(name)))
  return { ...Object.fromEntries(others), ...statement }
}

const untagged = (name: string): string => name.replace(/#.*/s, '')

/** A client that is locked to some scopes and asks for none is given these, not the server's own default. */
function withLockedScope(sent: JsonObject, { scopes }: ScopeLock): JsonObject {
  return scopes === undefined || !asksForNoScope(sent.scope)
    ? sent
    : { ...sent, scope: scopes.join(' ') }
}

/** A refused conditional write costs what the item weighs: so nobody may store a heavy one. */
function checkSize(metadata: ClientMetadata, limit: number): void {
  if (Buffer.byteLength(JSON.stringify(metadata)) > limit)
    throw new OAuthError('invalid_client_metadata', `the metadata exceed ${limit} bytes`)
}
