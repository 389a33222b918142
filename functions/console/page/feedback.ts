import { ApiError, forgetToken } from './api.ts'
import { byId, type Child } from './elements.ts'
import { currentRoute } from './router.ts'
import { escapeInvisible } from './untrusted-text.ts'

const status = byId('status', HTMLElement)
const pageProblem = byId('problem', HTMLElement)

/** What is done when a button is pressed; what it resolves to is announced. */
export type Work = () => Promise<readonly Child[] | string | undefined> | Promise<void>

type Options = {
  /** Where it is said what went wrong. */
  readonly problem?: HTMLElement
  /** Whether nobody need know of a failure once the operator is elsewhere. */
  readonly isForHere?: boolean
}

/** Does the work and says how it went; a token that is no longer accepted ends the session. */
export async function run(work: Work, options: Options = {}): Promise<void> {
  const { problem = pageProblem, isForHere = false } = options
  const from = currentRoute()
  problem.textContent = ''
  status.textContent = ''
  try {
    const said = await work()
    // Work that ends later must not silence what was said meanwhile, nor speak on a view that it is
    // not about.
    if (said && currentRoute() === from) announce(said)
  } catch (error) {
    const isLate = currentRoute() !== from
    const message = error instanceof Error ? error.message : String(error)
    if (error instanceof ApiError && error.status === 401) {
      endSession()
      notify(pageProblem, message)
    } else if (!isLate) notify(problem, message)
    else if (!isForHere) notify(pageProblem, `An earlier action failed. ${message}`)
  }
}

/** Says what was done. */
export const announce = (said: readonly Child[] | string): void =>
  status.replaceChildren(...(typeof said === 'string' ? [said] : said))

function notify(problem: HTMLElement, message: string): void {
  problem.textContent = escapeInvisible(message)
  problem.scrollIntoView({ block: 'nearest' })
}

function endSession(): void {
  forgetToken()
  dispatchEvent(new Event('hashchange'))
}

/**
 * Does the work when the button is pressed, once at a time. The button keeps the focus meanwhile.
 */
export const onPress = (button: HTMLElement, work: Work): void =>
  button.addEventListener('click', () => once(button, work))

/** Does the work when the form is sent; nothing is ever sent by the form itself. */
export const onSubmit = (form: HTMLFormElement, work: Work, problem?: HTMLElement): void =>
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    return once(form, work, problem)
  })

async function once(at: HTMLElement, work: Work, problem?: HTMLElement): Promise<void> {
  if (at.ariaBusy === 'true') return
  at.ariaBusy = 'true'
  await run(work, problem && { problem })
  at.ariaBusy = null
}
