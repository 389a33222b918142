import { describe, expect, test } from 'vitest'
import { signer } from '../support/signer.ts'
import { expectAccessible, settled, signedIn, signIn } from './operator.ts'
import { announced, answer, button, facts, heading, registeredBy } from './parts.ts'
import { startConsole } from './start-console.ts'

const issuer = signer()
const staticInitialAccessToken = 'a-static-token-of-these-tests'

const audience = ['https://as.example/register']
const { api, browser } = await startConsole({
  staticInitialAccessToken,
  settings: {
    registration: 'dynamic',
    initialAccessToken: { static: true },
    accessTokenIssuers: [{ issuer: issuer.issuer, jwks: issuer.jwks, audience }],
  },
})

const redirect_uris = ['https://client.example/callback']
const register = async (bearer: string | undefined) => {
  const { body } = await api.call('/register', { method: 'POST', bearer, body: { redirect_uris } })
  return String(body.client_id)
}
const exp = () => Math.floor(Date.now() / 1000) + 300

describe('how a client was registered, and by whom,', () => {
  test.each<[string, () => string | undefined, string]>([
    ['anonymously', () => undefined, 'Anybody, without a token'],
    ['by the master token', () => api.service.masterToken, 'An operator, with the master token'],
    [
      'by the static token',
      () => staticInitialAccessToken,
      'Holder of the static initial access token',
    ],
    [
      'by a JWT',
      () => issuer.accessToken({ exp: exp() }),
      `Holder of an access token (JWT) of${issuer.issuer}`,
    ],
  ])('is said in words: %s', async (_, bearer, said) => {
    const id = await register(bearer())
    const { page, close } = await signedIn(browser, api, { hash: `#client?id=${id}` })
    await heading(page, 'Registration').waitFor()
    expect(await facts(page, 'Registration')).toContain(said)
    expect(await button(page, 'Revoke this token').count()).toBe(0)
    await close()
  })

  test('is said to be unknown of a client that was stored before it was kept', async () => {
    const id = await register(undefined)
    const { page, close } = await signedIn(browser, api)
    await page.route(`**/clients/${id}`, async (route) => {
      const response = await route.fetch()
      const { registration_method, ...before } = await response.json()
      await route.fulfill({ response, json: before })
    })
    await page.goto(`${api.service.url}/applications#client?id=${id}`)
    await heading(page, 'Registration').waitFor()
    expect(await facts(page, 'Registration')).toContain('Not known')
    await close()
  })
})

test('a client that a job disabled names the job, until somebody enables it', async () => {
  const id = await register(api.service.masterToken)
  const body = { redirect_host: 'client.example' }
  const request = { method: 'POST', bearer: api.service.masterToken, body }
  const { body: job } = await api.call('/clients/disable', request)
  const { page, close } = await signedIn(browser, api, { hash: `#client?id=${id}` })
  await heading(page, 'Registration').waitFor()
  expect(await facts(page, 'State')).toContain(job.id)
  await button(page, 'Enable').click()
  await announced(page, 'Enabled')
  expect(await facts(page, 'State')).not.toContain(job.id)
  await close()
})

describe('the owner of a client', () => {
  test('stands with the issuer that named it, in the list and where the client is shown', async () => {
    const sub = `owner-${Date.now()}`
    const id = await register(issuer.accessToken({ sub, exp: exp() }))
    const { page, close } = await signedIn(browser, api)
    const listed = page.getByRole('row').filter({ hasText: id }).getByRole('cell').nth(2)
    expect(await listed.innerText()).toMatch(new RegExp(`^${sub}\\s+${issuer.issuer}$`))
    await page.goto(`${api.service.url}/applications#client?id=${id}`)
    await heading(page, 'Registration').waitFor()
    expect(await facts(page, 'Registration')).toContain(`${sub}named by ${issuer.issuer}`)
    const link = page.getByRole('link', { name: sub })
    const query = new URLSearchParams({ owner: sub, iss: issuer.issuer })
    expect(await link.getAttribute('href')).toBe(`#clients?${query}`)
    await expectAccessible(page)
    await close()
  })

  test('leads to the clients that it has by that issuer, and to nobody else’s of that name', async () => {
    const sub = `namesake-${Date.now()}`
    const id = await register(issuer.accessToken({ sub, exp: exp() }))
    const other = await registeredBy(api, { sub })
    const { page, close } = await signedIn(browser, api, { hash: `#client?id=${id}` })
    await page.getByRole('link', { name: sub }).click()
    await page.getByText('1 client loaded').waitFor()
    const listed = await page.locator('#clients-rows').innerText()
    expect(listed).toContain(id)
    expect(listed).not.toContain(other.id)
    await close()
  })

  test('stands alone where the operator named it', async () => {
    const { id } = await registeredBy(api, { sub: 'ivy' })
    const { page, close } = await signedIn(browser, api)
    const listed = page.getByRole('row').filter({ hasText: id }).getByRole('cell').nth(2)
    expect(await listed.innerText()).toBe('ivy')
    await page.goto(`${api.service.url}/applications#client?id=${id}`)
    const link = page.getByRole('link', { name: 'ivy' })
    expect(await link.getAttribute('href')).toBe('#clients?owner=ivy')
    await close()
  })

  test('is looked for by its name, and by its issuer where one is given', async () => {
    const { page, close } = await signedIn(browser, api)
    const issuerField = page.getByLabel('Its issuer')
    const sent: string[] = []
    await page.route('**/clients?*', async (route) => {
      sent.push(new URL(route.request().url()).search)
      await route.fulfill({ json: { clients: [] } })
    })
    expect(await issuerField.isVisible()).toBe(false)
    await page.getByLabel('Find by').selectOption('Owner')
    await page.getByLabel('Equals').fill('ivy')
    await button(page, 'Apply').click()
    await expect.poll(() => sent).toEqual(['?owner=ivy'])
    await issuerField.fill(issuer.issuer)
    await button(page, 'Apply').click()
    const query = `?${new URLSearchParams({ owner: 'ivy', iss: issuer.issuer })}`
    await expect.poll(() => sent).toEqual(['?owner=ivy', query])
    await page.reload()
    await signIn(page, api.service.masterToken)
    await settled(page)
    await expect.poll(() => issuerField.inputValue()).toBe(issuer.issuer)
    await page.getByLabel('Find by').selectOption('Software identifier')
    expect(await issuerField.isVisible()).toBe(false)
    await button(page, 'Apply').click()
    await expect.poll(() => sent.at(-1)).toBe('?software_id=ivy')
    await close()
  })
})

describe('the initial access token that a client was registered with', () => {
  test('is revoked where the client is shown, when that is confirmed', async () => {
    const { id, bearer } = await registeredBy(api, { sub: 'grace', max_uses: 5 })
    const registers = async () => (await register(bearer)) !== 'undefined'
    const { page, close } = await signedIn(browser, api, { hash: `#client?id=${id}` })
    await button(page, 'Revoke this token').click()
    await answer(page, 'Cancel').click()
    expect(await registers()).toBe(true)
    await button(page, 'Revoke this token').click()
    expect(await page.getByRole('dialog').innerText()).toContain(bearer.split('_')[1])
    await expectAccessible(page)
    await answer(page, 'Revoke').click()
    await announced(page, 'Revoked')
    expect(await registers()).toBe(false)
    await page.getByText('Revoked or expired').waitFor()
    expect(await page.evaluate('document.activeElement.innerText')).toBe(bearer.split('_')[1])
    await button(page, 'Refresh').click()
    await announced(page, 'Refreshed.')
    expect(await button(page, 'Revoke this token').count()).toBe(0)
    await close()
  })

  test('is said to be gone where it is', async () => {
    const { id, bearer } = await registeredBy(api, {})
    const { page, close } = await signedIn(browser, api, { hash: `#client?id=${id}` })
    await button(page, 'Revoke this token').waitFor()
    await api.call(`/initial-access-tokens/${bearer.split('_')[1]}`, {
      method: 'DELETE',
      bearer: api.service.masterToken,
    })
    await button(page, 'Revoke this token').click()
    await answer(page, 'Revoke').click()
    await announced(page, 'is gone already')
    await page.getByText('Revoked or expired').waitFor()
    await close()
  })
})
