import { byId, type Child, element } from './elements.ts'

type Question = {
  readonly heading: string
  /** The subject and the consequences of the action, one paragraph per item. */
  readonly lines: readonly Child[]
  readonly action: string
}

const question = byId('confirm', HTMLDialogElement)
const go = byId('confirm-go', HTMLButtonElement)

go.addEventListener('click', () => question.close('go'))
byId('confirm-cancel', HTMLElement).addEventListener('click', () => question.close())
// Navigation in the browser's history leaves the view that the question refers to.
addEventListener('hashchange', () => question.close())

/**
 * Asks the operator to confirm an action. A field in the lines has the initial focus, otherwise
 * Cancel. Escape cancels.
 */
export async function confirmed({ heading, lines, action }: Question): Promise<boolean> {
  byId('confirm-heading', HTMLElement).textContent = heading
  const paragraphs = lines.map((line) => element('p', {}, line))
  byId('confirm-text', HTMLElement).replaceChildren(...paragraphs)
  go.textContent = action
  question.returnValue = ''
  await closed(question)
  return question.returnValue === 'go'
}

type Secret = { readonly heading: string; readonly text: string; readonly value: string }

const secret = byId('secret', HTMLDialogElement)
const value = byId('secret-value', HTMLTextAreaElement)
const copied = byId('secret-status', HTMLElement)

// The value is shown only once, so an accidental Escape must not close the dialog.
secret.addEventListener('cancel', (event) => event.preventDefault())
byId('secret-close', HTMLElement).addEventListener('click', () => secret.close())
byId('secret-copy', HTMLElement).addEventListener('click', async () => {
  value.select()
  copied.textContent = await navigator.clipboard.writeText(value.value).then(
    () => 'Copied.',
    () => 'The browser does not let this page copy: it is selected, press Ctrl+C.',
  )
})

/** Shows a token or secret until the operator closes the dialog, then clears it. */
export async function showOnce(shown: Secret): Promise<void> {
  byId('secret-heading', HTMLElement).textContent = shown.heading
  byId('secret-text', HTMLElement).textContent = shown.text
  copied.textContent = ''
  value.value = shown.value
  await closed(secret)
  value.value = ''
}

/**
 * Opens the dialog and resolves when it closes. The `close` event alone fires too late: the button
 * that opened the dialog already has the focus again, but is still busy and would ignore the next
 * press.
 */
function closed(dialog: HTMLDialogElement): Promise<void> {
  dialog.showModal()
  const { promise, resolve } = Promise.withResolvers<void>()
  const watching = new AbortController()
  for (const name of ['cancel', 'click', 'close']) {
    const settle = ({ type, defaultPrevented }: Event) => {
      if (dialog.open && (type !== 'cancel' || defaultPrevented)) return
      watching.abort()
      resolve()
    }
    dialog.addEventListener(name, settle, { signal: watching.signal })
  }
  return promise
}
