import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { signer } from '../support/signer.ts'
import { expectAccessible, openPage, settled, signedIn, signIn } from './operator.ts'
import { button, heading } from './parts.ts'
import { startConsole } from './start-console.ts'

const issuer = signer()
const untrusted = signer('https://untrusted.example')

const { jwks } = issuer
const audience = ['https://as.example/register']
const { api, browser } = await startConsole({
  settings: {
    accessTokenIssuers: [{ issuer: issuer.issuer, jwks, audience, administers: true }],
  },
})

const accessToken = (by: typeof issuer, scope: string) =>
  by.accessToken({ scope, exp: Math.floor(Date.now() / 1000) + 300 })

const choice = (page: Page) => page.getByLabel('Stay signed in when this tab is reloaded')
const stored = (page: Page) => page.evaluate('JSON.stringify({ ...sessionStorage })')
const alert = (page: Page, text: string) => page.getByRole('alert').filter({ hasText: text })

describe('signing in', () => {
  test('the page names both kinds of token that it takes', async () => {
    const { page, close } = await openPage(browser, api)
    await page.getByLabel('Master token or access token').waitFor()
    await page.getByText('An access token needs the admin scope').waitFor()
    await close()
  })

  test('an access token with the admin scope shows the operator the clients', async () => {
    const { page, close } = await openPage(browser, api)
    await signIn(page, accessToken(issuer, 'client-admin'))
    await heading(page, 'Clients').waitFor()
    await settled(page)
    await close()
  })

  test.each([
    [
      'without the admin scope',
      () => accessToken(issuer, 'client-reg'),
      'not have the admin scope',
    ],
    [
      'of another issuer',
      () => accessToken(untrusted, 'client-admin'),
      'does not accept this token',
    ],
  ])('an access token %s is rejected in words', async (_, token, words) => {
    const { page, close } = await openPage(browser, api)
    await choice(page).check()
    await signIn(page, token())
    await alert(page, words).waitFor()
    expect(await heading(page, 'Clients').isVisible()).toBe(false)
    expect(await stored(page)).toBe('{}')
    await close()
  })
})

describe('staying signed in', () => {
  test('is off unless the operator chooses it, for this tab only', async () => {
    const { page, close } = await openPage(browser, api)
    expect(await choice(page).isChecked()).toBe(false)
    await choice(page).check()
    await expectAccessible(page)
    await signIn(page, api.service.masterToken)
    await heading(page, 'Clients').waitFor()
    await page.reload()
    await heading(page, 'Clients').waitFor()
    const other = await page.context().newPage()
    await other.goto(page.url())
    await heading(other, 'Sign in').waitFor()
    expect(await page.evaluate('[localStorage.length, document.cookie]')).toEqual([0, ''])
    await close()
  })

  test('leaves nothing behind after signing out, however often the page is loaded again', async () => {
    const { page, close } = await openPage(browser, api)
    await choice(page).check()
    await signIn(page, api.service.masterToken)
    await heading(page, 'Clients').waitFor()
    expect(await stored(page)).toContain(api.service.masterToken)
    await button(page, 'Sign out').click()
    await heading(page, 'Sign in').waitFor()
    expect(await stored(page)).toBe('{}')
    expect(await choice(page).isChecked()).toBe(false)
    await page.reload()
    await heading(page, 'Sign in').waitFor()
    await close()
  })

  test('ends when the token that was kept is no longer accepted', async () => {
    const { page, close } = await openPage(browser, api)
    await choice(page).check()
    await signIn(page, api.service.masterToken)
    await heading(page, 'Clients').waitFor()
    await page.route('**/clients*', (route) =>
      route.fulfill({ status: 401, json: { error: 'invalid_token' } }),
    )
    await page.reload()
    await alert(page, 'does not accept this token').waitFor()
    await heading(page, 'Sign in').waitFor()
    expect(await stored(page)).toBe('{}')
    await close()
  })

  test('cannot be chosen where the browser lets pages store nothing; signing in works', async () => {
    const { page, errors, close } = await openPage(browser, api)
    await page.addInitScript(
      'Object.defineProperty(window, "sessionStorage", { get() { throw new DOMException("denied", "SecurityError") } })',
    )
    await page.reload()
    expect(await choice(page).isDisabled()).toBe(true)
    await signIn(page, api.service.masterToken)
    await heading(page, 'Clients').waitFor()
    expect(errors).toEqual([])
    await close()
  })

  test('is not what a reload does otherwise', async () => {
    const { page, close } = await signedIn(browser, api)
    expect(await stored(page)).toBe('{}')
    await page.reload()
    await heading(page, 'Sign in').waitFor()
    await close()
  })
})
