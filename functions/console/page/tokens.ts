import type {
  InitialAccessTokenListResponse,
  ListedInitialAccessToken,
} from '../../../lib/operator/list-initial-access-tokens.ts'
import { call } from './api.ts'
import { byId, element, row, time, viewLink } from './elements.ts'
import { onPress } from './feedback.ts'
import { listing } from './listing.ts'
import { revokeToken } from './revocation.ts'
import { escapeInvisible, truncatedName, untrustedText } from './untrusted-text.ts'
import type { View } from './view.ts'

const list = listing<ListedInitialAccessToken>({
  name: 'tokens',
  one: 'token',
  remark: 'A token’s value is never listed. ',
  row: tokenRow,
  async fetchPage(query) {
    const path = `initial-access-tokens?${query}`
    const page = await call<InitialAccessTokenListResponse>('GET', path)
    return { items: page.initial_access_tokens, next: page.next_cursor }
  },
})

export const tokens: View = {
  title: 'Initial access tokens',
  show: () => list.load(),
  clear: list.clear,
}

export const loadTokens = (): Promise<void> => list.load()

function tokenRow(token: ListedInitialAccessToken): HTMLElement {
  const { id, sub, issued_at, expires_at } = token
  const revoke = element('button', { type: 'button', class: 'danger' }, 'Revoke')
  revoke.setAttribute('aria-label', `Revoke ${escapeInvisible(sub ?? '')} ${id}`)
  onPress(revoke, () => revokeListed(token))
  return row({
    Token: [
      viewLink('clients', { initial_access_token: id }, element('code', {}, id)),
      ...(sub === undefined ? [] : [truncatedName(sub)]),
    ],
    Limits: limits(token),
    'Uses left': uses(token),
    Issued: [time(issued_at)],
    Expires: [time(expires_at), ...(expires_at * 1000 < Date.now() ? [off('Expired')] : [])],
    Action: [revoke],
  })
}

const off = (text: string) => element('span', { class: 'off' }, text)

const limits = ({ scope, audience, client_id, policies }: ListedInitialAccessToken) =>
  (
    [
      ['scope', scope],
      ['audience', audience?.join(' ')],
      ['client', client_id],
      ['policies', policies?.join(' ')],
    ] as const
  ).flatMap(([name, value]) =>
    value ? [element('span', {}, element('small', {}, `${name} `), untrustedText(value))] : [],
  )

const consumption = {
  on_success: 'consumed when a client is registered',
  on_attempt: 'consumed at every attempt',
  never: 'never consumed',
} as const

function uses({ uses_left, max_uses, consumed }: ListedInitialAccessToken) {
  const counted = uses_left === undefined ? 'Any number' : `${uses_left} of ${max_uses}`
  return [
    uses_left === 0 ? off(counted) : element('span', {}, counted),
    element('small', {}, consumption[consumed]),
  ]
}

async function revokeListed({ id, sub }: ListedInitialAccessToken) {
  const said = await revokeToken(id, sub)
  if (said === undefined) return undefined
  list.change((tokens) => tokens.filter((token) => token.id !== id))
  // The row was removed, and with it the button that had the focus.
  byId('tokens-heading', HTMLElement).focus()
  return said
}
