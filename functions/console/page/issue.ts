import type { InitialAccessTokenResponse } from '../../../lib/operator/issue-initial-access-token.ts'
import { call } from './api.ts'
import { showOnce } from './dialogs.ts'
import { byId } from './elements.ts'
import { onPress, onSubmit } from './feedback.ts'
import { loadTokens } from './tokens.ts'

const dialog = byId('issue', HTMLDialogElement)
const form = byId('issue-form', HTMLFormElement)
const problem = byId('issue-problem', HTMLElement)

const text = (name: string): string | undefined =>
  byId(`issue-${name}`, HTMLInputElement).value.trim() || undefined
const list = (name: string): string[] | undefined => text(name)?.split(/[\s,]+/)
const number = (name: string): number | undefined =>
  text(name) === undefined ? undefined : Number(text(name))
const choice = (name: string): string | undefined =>
  byId(`issue-${name}`, HTMLSelectElement).value || undefined

/** The request body from the form. JSON.stringify omits the empty fields, which are undefined. */
function request(): object {
  const lifetime = number('lifetime')
  return {
    sub: text('sub'),
    client_id: text('client-id'),
    scope: list('scope'),
    audience: list('audience'),
    policies: list('policies'),
    consumed: choice('consumed'),
    max_uses: number('max-uses'),
    access_token: {
      lifetime: lifetime && lifetime * Number(choice('unit')),
      encoding: choice('encoding'),
    },
  }
}

onPress(byId('tokens-issue', HTMLElement), async () => {
  form.reset()
  problem.textContent = ''
  dialog.showModal()
})

byId('issue-cancel', HTMLElement).addEventListener('click', () => dialog.close())

onSubmit(
  form,
  async () => {
    const issued = await call<InitialAccessTokenResponse>(
      'POST',
      'initial-access-tokens',
      request(),
    )
    dialog.close()
    await showOnce({
      heading: 'Initial access token',
      text: `It is shown only once. Its scope is ${issued.scope}, its id ${issued.id}.`,
      value: issued.access_token,
    })
    await loadTokens()
    return `Issued ${issued.id}.`
  },
  problem,
)
