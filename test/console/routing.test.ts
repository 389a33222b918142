import { describe, expect, test } from 'vitest'
import { openPage, settled, signedIn, signIn } from './operator.ts'
import { announced, answer, button, facts, heading, registeredBy } from './parts.ts'
import { startConsole } from './start-console.ts'

const { api, browser } = await startConsole()

describe('routing on the page', () => {
  test('the title names the client that is shown, and nothing else once it is left', async () => {
    const { id } = await registeredBy(api, {}, { client_name: 'Titled' })
    const { page, close } = await signedIn(browser, api, { hash: `#client?id=${id}` })
    await heading(page, 'Titled').waitFor()
    expect(await page.title()).toBe(`\u2068Titled\u2069 · ${id} · Applications`)
    await page.goto(`${api.service.url}/applications#client?id=nobody`)
    await page.getByRole('alert').filter({ hasText: 'no such client' }).waitFor()
    expect(await page.title()).toBe('nobody · Client · Applications')
    await page.getByRole('link', { name: 'Back to the clients' }).click()
    await heading(page, 'Clients').waitFor()
    expect(await page.title()).toBe('Clients · Applications')
    await close()
  })

  test('a success on another view is not reported here', async () => {
    const { id } = await registeredBy(api, {})
    const { page, close } = await signedIn(browser, api, { hash: `#client?id=${id}` })
    await page.goto(`${api.service.url}/applications#tokens`)
    await settled(page)
    await button(page, 'Issue a token').click()
    await answer(page, 'Issue').click()
    await page.locator('#secret-value').waitFor()
    await page.goBack()
    await button(page, 'Done').click()
    await heading(page, 'Metadata').waitFor()
    await settled(page)
    expect(await page.locator('#status').innerText()).toBe('')
    await close()
  })

  test('a failure on another view is reported here, as an earlier one', async () => {
    const { id } = await registeredBy(api, {})
    const { page, close } = await signedIn(browser, api, { hash: `#client?id=${id}` })
    const { promise, resolve } = Promise.withResolvers<void>()
    await page.route(`**/clients/${id}`, async (route) => {
      await promise
      await route.fulfill({ status: 503, json: { error: 'temporarily_unavailable' } })
    })
    await button(page, 'Disable').click()
    await page.getByRole('link', { name: 'Initial access tokens' }).click()
    await heading(page, 'Initial access tokens').waitFor()
    await settled(page)
    resolve()
    await page.getByRole('alert').filter({ hasText: 'An earlier action failed' }).waitFor()
    await close()
  })

  test('a question about a client ends when the operator goes elsewhere', async () => {
    const { id } = await registeredBy(api, {})
    const { page, close } = await signedIn(browser, api)
    await page.goto(`${api.service.url}/applications#client?id=${id}`)
    await button(page, 'Delete').click()
    await page.goBack()
    await heading(page, 'Clients').waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
    await close()
  })
})

describe('the text of the page', () => {
  test('names the time zone of every time', async () => {
    const { id } = await registeredBy(api, {})
    const { page, close } = await openPage(browser, api, { timezoneId: 'Asia/Kolkata' })
    await signIn(page, api.service.masterToken)
    await heading(page, 'Clients').waitFor()
    await page.getByText(/As of .* GMT\+5:30 \(eventually consistent\)/).waitFor()
    await page.getByText('Times are those of Asia/').waitFor()
    for (const hash of ['#clients', `#client?id=${id}`, '#tokens']) {
      await page.goto(`${api.service.url}/applications${hash}`)
      await page.locator('time:visible').first().waitFor()
      for (const time of await page.locator('time:visible').allInnerTexts())
        expect(time).toMatch(/\d GMT\+5:30$/)
    }
    await close()
  })

  test('says what disabling does, and who decides the rest', async () => {
    const { id } = await registeredBy(api, {})
    const { page, close } = await signedIn(browser, api, { hash: `#client?id=${id}` })
    await heading(page, 'Manage').waitFor()
    const said = (await facts(page, 'Manage'))?.replace(/\s+/g, ' ')
    expect(said).toContain('its registration access token is rejected')
    expect(said).toContain('the authorization server decides. It should check disabled_at')
    await button(page, 'Disable').click()
    await announced(page, 'Disabled: its registration access token is rejected')
    await close()
  })
})
