import type { Settings } from '../../settings/schema.ts'
import { assertionMethod, hasKeyFor, keyMethods } from '../checks/algorithms.ts'
import type { SentMetadata } from '../client-metadata.ts'
import { isSymmetric } from '../rules/algorithms.ts'
import { list } from '../rules/list.ts'
import { InvalidValue, type Member, text } from '../rules/rule.ts'
import { type ListsWith, listsWith, supportedLists } from '../supported-lists.ts'
import { supportedValues } from '../supported-values.ts'
import { certificateSubjects } from './mutual-tls.ts'

/**
 * OpenID Connect Relying Party Metadata Choices 1.0 §2: lists of what a client supports, named like
 * the server's own lists. Each corresponds to one member with a single value.
 */
export type ChoiceName = ListsWith<'choice'>

/** In the order of the server's lists: the method before its alg, an alg before its enc. */
export const choiceNames = listsWith('choice')

/**
 * The rule of every such list. `chooseMembers` checks its values together with the single-valued
 * member.
 */
const choice: Member<readonly string[]> = {
  rule: list(text, { expects: 'an array of strings', min: 1 }),
}

export const rpMetadataChoices: Readonly<Record<string, typeof choice>> = Object.fromEntries(
  choiceNames.map((name) => [name, choice]),
)

export type SentChoices = { readonly [Name in ChoiceName]?: readonly string[] }

/** The list, or the single value sent with it, leaves no acceptable choice. */
export class ChoiceRejected extends InvalidValue {
  readonly member: string

  constructor(member: string, message: string) {
    super(message)
    this.member = member
  }
}

/**
 * For each list, registers the single value that the client sent. If it sent none, registers the
 * server's first value that is in the list and usable by this client. Throws ChoiceRejected.
 */
export function chooseMembers(
  allOffered: SentChoices,
  requestedMembers: Readonly<Record<string, unknown>>,
  sent: SentMetadata,
  settings: Settings,
): SentMetadata {
  let chosen = sent
  for (const name of choiceNames) {
    const offered = allOffered[name]
    if (offered === undefined) continue
    const { member } = supportedLists[name]
    const requested = requestedMembers[member] ?? undefined
    if (requested !== undefined && !offered.some((value) => value === requested))
      throw new ChoiceRejected(member, `expected one of the values in ${name}`)
    if (chosen[member] !== undefined) continue
    const value = chooseValue(name, offered, chosen, settings)
    if (value !== undefined) chosen = { ...chosen, [member]: value }
  }
  return chosen
}

function chooseValue(
  name: ChoiceName,
  offered: readonly string[],
  sent: SentMetadata,
  settings: Settings,
) {
  const order = supportedValues(name, settings) ?? offered
  const common = order.filter((value) => offered.includes(value))
  if (common.length === 0)
    throw new ChoiceRejected(name, `none is supported; supported: ${order.join(', ') || 'none'}`)
  if (isIdle(name, sent)) return undefined
  return common.find((value) => isUsable(name, value, sent)) ?? common[0]
}

/**
 * Whether a list has no effect: content encryption without encryption, or signatures without
 * assertions.
 */
function isIdle(name: ChoiceName, sent: SentMetadata): boolean {
  const list = supportedLists[name]
  if (list.member === 'token_endpoint_auth_signing_alg')
    return !sent.token_endpoint_auth_method?.endsWith('_jwt')
  return 'alg' in list && sent[list.alg] === undefined
}

/**
 * Whether the client sent what this value requires: a key, a secret, a certificate subject or a
 * matching method.
 */
function isUsable(name: ChoiceName, value: string, sent: SentMetadata): boolean {
  const method = sent.token_endpoint_auth_method
  if (isSymmetric(value) && method === 'none') return false
  if (name === 'token_endpoint_auth_methods_supported') {
    if (value === 'tls_client_auth')
      return certificateSubjects.some((subject) => sent[subject] !== undefined)
    return !keyMethods.includes(value) || (sent.jwks ?? sent.jwks_uri) !== undefined
  }
  if (
    name === 'token_endpoint_auth_signing_alg_values_supported' &&
    method !== assertionMethod(value)
  )
    return false
  const { use } = supportedLists[name]
  const needsKey = use === 'signed_by_client' || use === 'encrypted_to_client'
  return !needsKey || hasKeyFor(sent, value)
}
