import type {
  InitialAccessTokenListResponse,
  ListedInitialAccessToken,
} from '../../../lib/list-initial-access-tokens.ts'
import { call, remove } from './api.ts'
import { confirmed } from './dialogs.ts'
import { asOf, element, foreign, part, row, time, viewLink } from './elements.ts'
import { onPress } from './feedback.ts'
import type { View } from './view.ts'

const rows = part('tokens-rows', HTMLElement)
const table = part('tokens-table', HTMLElement)
const summary = part('tokens-summary', HTMLElement)
const heading = part('tokens-heading', HTMLElement)
const more = part('tokens-more', HTMLElement)

let loaded: readonly ListedInitialAccessToken[] = []
let cursor: string | undefined
let fetchedAt = new Date()
let requests = 0

export const tokens: View = {
  title: 'Initial access tokens',
  show: () => loadTokens(),
  clear() {
    loaded = []
    cursor = undefined
    rows.replaceChildren()
    summary.textContent = ''
  },
}

/** Asks for the first page, or for the next one. */
export async function loadTokens(from?: string): Promise<void> {
  requests += 1
  const mine = requests
  table.ariaBusy = 'true'
  summary.textContent = 'Loading…'
  try {
    const query = from === undefined ? '' : `?${new URLSearchParams({ cursor: from })}`
    const path = `initial-access-tokens${query}`
    const page = await call<InitialAccessTokenListResponse>('GET', path)
    if (mine !== requests) return
    const { initial_access_tokens, next_cursor } = page
    loaded = from === undefined ? initial_access_tokens : [...loaded, ...initial_access_tokens]
    cursor = next_cursor
    fetchedAt = new Date()
    render()
  } catch (error) {
    if (mine === requests) summary.textContent = ''
    throw error
  } finally {
    if (mine === requests) table.ariaBusy = null
  }
}

function render(): void {
  rows.replaceChildren(...loaded.map(tokenRow))
  more.hidden = cursor === undefined
  const all = `${loaded.length} ${loaded.length === 1 ? 'token' : 'tokens'} loaded`
  const rest = cursor === undefined ? '' : ', and there are more'
  summary.textContent = `${all}${rest}. A token's value is never listed. ${asOf(fetchedAt)}`
}

function tokenRow(token: ListedInitialAccessToken): HTMLElement {
  const { id, sub, issued_at, expires_at } = token
  const revoke = element('button', { type: 'button', class: 'danger' }, 'Revoke')
  revoke.setAttribute('aria-label', `Revoke ${sub ?? ''} ${id}`)
  onPress(revoke, () => revokeToken(token))
  return row({
    Token: [
      viewLink('clients', { initial_access_token: id }, element('code', {}, id)),
      ...(sub === undefined ? [] : [foreign(sub)]),
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
    value ? [element('span', {}, element('small', {}, `${name} `), foreign(value))] : [],
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

async function revokeToken({ id, sub }: ListedInitialAccessToken): Promise<string | undefined> {
  const whose = sub === undefined ? '' : ` of ${sub}`
  const sure = await confirmed({
    heading: 'Revoke this token?',
    text: `Nobody can register with the token ${id}${whose} any more. Clients that it registered stay.`,
    action: 'Revoke',
  })
  if (!sure) return undefined
  await remove(`initial-access-tokens/${id}`)
  loaded = loaded.filter((token) => token.id !== id)
  render()
  // The button that had the focus is gone with its row.
  heading.focus()
  return `Revoked ${id}.`
}

onPress(part('tokens-refresh', HTMLElement), async () => {
  await loadTokens()
  return 'Refreshed.'
})

onPress(more, async () => {
  const before = rows.children.length
  await loadTokens(cursor)
  rows.children[before]?.querySelector('a')?.focus()
})
