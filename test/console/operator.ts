import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Api } from '../support/api.ts'

/** An operator's page, and everything that it did beside what was asked of it. */
export type Operator = {
  readonly page: Page
  /** Every request that the browser made for it. */
  readonly requests: readonly string[]
  /** Errors in its console and uncaught ones, except that an answer was not 2xx. */
  readonly errors: readonly string[]
  close(): Promise<void>
}

export async function openPage(
  browser: Browser,
  { service }: Api,
  options: BrowserContextOptions & { readonly hash?: string } = {},
): Promise<Operator> {
  const { hash = '', ...others } = options
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', ...others })
  context.setDefaultTimeout(30_000)
  const page = await context.newPage()
  const requests: string[] = []
  const errors: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      errors.push(message.text())
  })
  await page.goto(`${service.url}/applications${hash}`)
  return { page, requests, errors, close: () => context.close() }
}

export async function signIn(page: Page, token: string): Promise<void> {
  await page.getByLabel('Master token').fill(token)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** A page that is signed in. */
export async function signedIn(
  browser: Browser,
  api: Api,
  options: Parameters<typeof openPage>[2] = {},
): Promise<Operator> {
  const operator = await openPage(browser, api, options)
  await signIn(operator.page, api.service.masterToken)
  await operator.page.getByRole('button', { name: 'Sign out' }).waitFor()
  await settled(operator.page)
  return operator
}

/** Waits until nothing is being loaded. */
export const settled = (page: Page): Promise<void> =>
  page.locator('table[aria-busy=true]').waitFor({ state: 'detached' })

/** Everything that axe finds wrong with the page as it is. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(`${axe.source}; undefined`)
  const found = await page.evaluate(
    'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]))',
  )
  expect(found).toEqual([])
}
