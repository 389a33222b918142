import { OAuthError } from '../errors.ts'
import { type JsonObject, ownValue } from '../json.ts'
import type { Settings } from '../settings/schema.ts'
import { members, type SentMetadata } from './client-metadata.ts'
import { customMemberRule } from './members/custom-members.ts'
import {
  ChoiceRejected,
  chooseMembers,
  rpMetadataChoices,
  type SentChoices,
} from './members/rp-metadata-choices.ts'
import { serverMembers } from './members/server-members.ts'
import { languageTags } from './rules/language-tag.ts'
import { InvalidValue, type Member } from './rules/rule.ts'

const catalogue: Readonly<Record<string, Member<unknown>>> = members

/**
 * Parses each member with its own rule. Null means omitted, in registrations and updates (RFC 7592
 * §2.2).
 */
export function parseMembers(sent: JsonObject, settings: Settings): SentMetadata {
  const accepted: Record<string, unknown> = {}
  const offered: Record<string, unknown> = {}
  const checkTag = languageTags()
  for (const [name, value] of Object.entries(sent)) {
    if (value === null) continue
    const [base = '', ...tag] = name.split('#')
    const member = ownValue(catalogue, name)
    const tagged = ownValue(catalogue, base)
    if (member !== undefined) accepted[name] = parseMember(name, member, value, settings)
    else if (tagged?.tagged) {
      withMemberName(base, tagged, () => checkTag(base, tag.join('#')))
      accepted[name] = parseMember(base, tagged, value, settings)
    } else {
      const choice = ownValue(rpMetadataChoices, name)
      if (choice) offered[name] = parseMember(name, choice, value, settings)
      else accepted[name] = parseUnknown(name, value, settings)
    }
  }
  const known = Object.entries(accepted).filter(([, value]) => value !== undefined)
  const parsedMembers = Object.fromEntries(known) as SentMetadata // parsed above
  return withChoices(offered, sent, parsedMembers, settings)
}

function withChoices(
  offered: SentChoices,
  requested: JsonObject,
  sent: SentMetadata,
  settings: Settings,
): SentMetadata {
  try {
    return chooseMembers(offered, requested, sent, settings)
  } catch (error) {
    if (!(error instanceof ChoiceRejected)) throw error
    throw new OAuthError('invalid_client_metadata', `${error.member}: ${error.message}`)
  }
}

/**
 * RFC 7591 §2: "The authorization server MUST ignore any client metadata sent by the client that it
 * does not understand".
 */
function parseUnknown(name: string, value: unknown, settings: Settings): unknown {
  const { unknown } = settings.metadata
  if (typeof unknown === 'object') {
    const declared = ownValue(unknown.allow, name)
    if (declared === undefined) return undefined
    return parseMember(name, { rule: customMemberRule(declared) }, value, settings)
  }
  if (unknown === 'drop' || serverMembers.includes(name)) return undefined
  const member = /^[\w.:#-]{1,64}$/.test(name) ? name : 'a member'
  throw new OAuthError('invalid_client_metadata', 'unknown member of client metadata', { member })
}

const parseMember = <T>(name: string, member: Member<T>, value: unknown, settings: Settings) =>
  withMemberName(name, member, () => member.rule.parse(value, settings))

/** Reports an invalid value with its member's name and error code (RFC 7591 §3.2.2). */
function withMemberName<T>(name: string, { code }: Member<unknown>, validate: () => T): T {
  try {
    return validate()
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error
    throw new OAuthError(code ?? 'invalid_client_metadata', `${name}: ${error.message}`, {
      cause: error,
    })
  }
}
