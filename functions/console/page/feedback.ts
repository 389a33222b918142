import { ApiError, forgetToken } from './api.ts'
import { byId, type Child } from './elements.ts'
import { currentRoute } from './router.ts'
import { escapeInvisible } from './untrusted-text.ts'

const status = byId('status', HTMLElement)
const pageProblem = byId('problem', HTMLElement)

/** The action of a button or form. Its result, if any, is announced. */
export type Work = () => Promise<readonly Child[] | string | undefined> | Promise<void>

type Options = {
  /** The element that shows the error; by default the page's. */
  readonly problem?: HTMLElement
  /** Whether to suppress an error after the operator has navigated elsewhere. */
  readonly isForHere?: boolean
}

/** Runs the work and shows its result or error. A 401 response ends the session. */
export async function run(work: Work, options: Options = {}): Promise<void> {
  const { problem = pageProblem, isForHere = false } = options
  const from = currentRoute()
  problem.textContent = ''
  status.textContent = ''
  try {
    const said = await work()
    // Work that completes after navigation must not replace a newer message, nor show its own in an
    // unrelated view.
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

/** Shows a message in the page's status element. */
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
 * Runs the work when the button is pressed, and ignores presses while it runs. The button is not
 * disabled, so that it keeps the focus.
 */
export const onPress = (button: HTMLElement, work: Work): void =>
  button.addEventListener('click', () => once(button, work))

/** Runs the work when the form is submitted, instead of the browser's own submission. */
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
