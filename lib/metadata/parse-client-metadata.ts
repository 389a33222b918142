import { OAuthError } from '../errors.ts'
import type { Settings } from '../settings/settings.ts'
import {
  type ClientMetadata,
  members,
  type SentMetadata,
  serverMembers,
} from './client-metadata.ts'
import { consistency } from './consistency.ts'
import { withDefaults } from './defaults.ts'
import { type Member, Refused } from './rule.ts'

/** A JSON object as it was sent. */
export type JsonObject = Readonly<Record<string, unknown>>

type Privileges = {
  /** Whether a client without any grant may be registered, as the operator may (a proforma client). */
  readonly mayHaveNoGrants: boolean
}

/**
 * RFC 7591 §2 Client Metadata from a request's members: each judged by its rule, unsupported values narrowed or
 * refused, defaults filled in, then judged together. Throws OAuthError `invalid_client_metadata` or
 * `invalid_redirect_uri`, whose description names the member and what is allowed.
 */
export function parseClientMetadata(
  sent: JsonObject,
  settings: Settings,
  { mayHaveNoGrants }: Privileges,
): ClientMetadata {
  const metadata = withDefaults(parseMembers(sent, settings), settings)
  if (metadata.grant_types.length === 0 && !mayHaveNoGrants)
    throw new OAuthError(
      'invalid_client_metadata',
      `grant_types: expected at least one of ${settings.metadata.grantTypes.join(', ')}`,
    )
  for (const check of Object.values(consistency)) {
    const problem = check.problem(metadata)
    const code = 'code' in check ? check.code : 'invalid_client_metadata'
    if (problem !== undefined) throw new OAuthError(code, problem)
  }
  return metadata
}

/** Judges each member by its own rule. Null means omitted, in either request (RFC 7592 §2.2). */
function parseMembers(sent: JsonObject, settings: Settings): SentMetadata {
  const accepted: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(sent)) {
    if (value === null) continue
    const member = Object.hasOwn(members, name) ? members[name as keyof typeof members] : undefined
    if (member === undefined) refuseUnknown(name, settings)
    else accepted[name] = parseMember(name, member, value, settings)
  }
  return Object.fromEntries(Object.entries(accepted).filter(([, value]) => value !== undefined))
}

function refuseUnknown(name: string, { metadata }: Settings): void {
  const ours: readonly string[] = serverMembers
  if (metadata.unknown === 'refuse' && !ours.includes(name))
    throw new OAuthError('invalid_client_metadata', `${name}: unknown member of client metadata`)
}

function parseMember(name: string, member: Member<unknown>, value: unknown, settings: Settings) {
  try {
    return member.rule.parse(value, settings)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    const code = member.code ?? 'invalid_client_metadata'
    throw new OAuthError(code, `${name}: ${error.message}`, { cause: error })
  }
}
