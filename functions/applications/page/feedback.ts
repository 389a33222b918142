import { forgetToken, Refusal } from './api.ts'
import { part } from './elements.ts'

const status = part('status', HTMLElement)
const pageProblem = part('problem', HTMLElement)

/** What is done when a button is pressed; a sentence that it resolves to is announced. */
type Work = () => Promise<string | undefined> | Promise<void>

/** Does the work and says how it went; a token that is no longer accepted ends the session. */
export async function attempt(work: Work, problem = pageProblem): Promise<void> {
  problem.textContent = ''
  status.textContent = ''
  try {
    const said = await work()
    // Work that ends later must not silence what was said meanwhile.
    if (said) status.textContent = said
  } catch (error) {
    const ended = error instanceof Refusal && error.status === 401
    if (ended) endSession()
    const shown = ended ? pageProblem : problem
    shown.textContent = error instanceof Error ? error.message : String(error)
    shown.scrollIntoView({ block: 'nearest' })
  }
}

function endSession(): void {
  forgetToken()
  dispatchEvent(new Event('hashchange'))
}

/** Does the work when the button is pressed, once at a time. The button keeps the focus meanwhile. */
export const onPress = (button: HTMLElement, work: Work, problem?: HTMLElement): void =>
  button.addEventListener('click', () => once(button, work, problem))

/** Does the work when the form is sent; nothing is ever sent by the form itself. */
export const onSubmit = (form: HTMLFormElement, work: Work, problem?: HTMLElement): void =>
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    return once(form, work, problem)
  })

async function once(at: HTMLElement, work: Work, problem?: HTMLElement): Promise<void> {
  if (at.ariaBusy === 'true') return
  at.ariaBusy = 'true'
  await attempt(work, problem)
  at.ariaBusy = null
}
