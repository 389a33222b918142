import type { Page } from 'playwright-core'
import type { Api } from '../support/api.ts'

export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

/** A button of the dialog that is open. */
export const answer = (page: Page, name: string) =>
  page.getByRole('dialog').getByRole('button', { name, exact: true })

export const rows = (page: Page) => page.locator('tbody:visible tr')

export const heading = (page: Page, name: string) =>
  page.getByRole('heading', { name, exact: true })

export const announced = (page: Page, text: string | RegExp) =>
  page.locator('#status').filter({ hasText: text }).waitFor()

export const facts = (page: Page, name: string) =>
  page.getByRole('region', { name }).evaluate((element) => element.textContent)

/** Registers a client by a token issued as this says. */
export async function registeredBy(api: Api, issue: object, metadata: object = {}) {
  const bearer = await api.initialAccessToken({ ...issue })
  const { body } = await api.call('/register', {
    method: 'POST',
    bearer,
    body: { redirect_uris: ['https://client.example/callback'], ...metadata },
  })
  return { id: String(body.client_id), token: String(body.registration_access_token), bearer }
}

/**
 * Puts other texts in place of those that the service answers: such as it may have stored before it rejected them, or
 * would take too long to make.
 */
export const respell = (page: Page, texts: Readonly<Record<string, string>>) =>
  page.route(/\/(clients|initial-access-tokens)\b/, async (route) => {
    const response = await route.fetch()
    let body = await response.text()
    for (const [text, other] of Object.entries(texts))
      body = body.replaceAll(text, JSON.stringify(other).slice(1, -1))
    await route.fulfill({ response, body })
  })
