import { issueInitialAccessToken } from '../../../lib/operator/issue-initial-access-token.ts'
import { revokeInitialAccessToken } from '../../../lib/operator/revoke-initial-access-token.ts'
import type { Consumption } from '../../../lib/tokens/initial-access-token.ts'
import { masterToken } from '../../support/compose.ts'
import { type Known, newest, type Step } from '../known.ts'
import { defineOperation } from '../operation.ts'
import { withInitialAccessToken, withoutInitialAccessToken } from '../state.ts'

type Issue = { readonly consumed: Consumption; readonly uses: number | undefined }

const lifetime = 60

export const issue = defineOperation<Issue>({
  name: 'issue',
  choose({ credential, variant }) {
    const consumed = (['on_success', 'on_attempt', 'never'] as const)[credential % 3] ?? 'never'
    return { consumed, uses: consumed === 'never' ? undefined : 1 + (variant % 2) }
  },
  async call({ consumed, uses }, { id: key, now }, server, known) {
    const max_uses = uses !== undefined && { max_uses: uses }
    const body = { consumed, ...max_uses, access_token: { lifetime } }
    const { id, access_token: token } = await issueInitialAccessToken(
      { bearer: masterToken, body, now },
      server,
    )
    known.initialAccessTokens.push({ key, id, token })
    return {}
  },
  effects(state, { consumed, uses }, { id, now }) {
    const token = { consumed, usesLeft: uses, expiresAt: now + lifetime }
    return [{ next: withInitialAccessToken(state, id, token), response: {} }]
  },
})

type OfToken = { readonly key: string }

function choose({ subject }: Step, known: Known): OfToken | undefined {
  const token = newest(known.initialAccessTokens, subject)
  return token && { key: token.key }
}

const idOf = ({ initialAccessTokens }: Known, { key }: OfToken): string =>
  initialAccessTokens.find((token) => token.key === key)?.id ?? ''

export const revoke = defineOperation<OfToken>({
  name: 'revoke',
  choose,
  async call(given, { now }, server, known) {
    const id = idOf(known, given)
    await revokeInitialAccessToken({ bearer: masterToken, id, now }, server)
    return {}
  },
  effects(state, { key }, { ambiguous }) {
    const done = { next: withoutInitialAccessToken(state, key), response: {} }
    if (state.initialAccessTokens[key] !== undefined) return [done]
    const notFound = { next: state, rejected: 'not_found' }
    // A token that is gone after a lost response is taken to be revoked by this call (decision 0004).
    return ambiguous ? [notFound, done] : [notFound]
  },
})

/** What is left of a token. */
export const inspect = defineOperation<OfToken>({
  name: 'inspect',
  choose,
  async call(given, _, server, known) {
    const token = await server.initialAccessTokens.find(idOf(known, given))
    return { exists: token !== undefined, usesLeft: token?.uses_left }
  },
  effects(state, { key }) {
    const token = state.initialAccessTokens[key]
    const response = { exists: token !== undefined, usesLeft: token?.usesLeft }
    return [{ next: state, response }]
  },
})
