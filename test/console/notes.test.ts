import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { signedIn } from './operator.ts'
import { announced, answer, button, registeredBy } from './parts.ts'
import { startConsole } from './start-console.ts'

const { api, browser } = await startConsole()

const request = (id: string, method: 'GET' | 'PATCH', body?: object) =>
  api.call(`/clients/${id}`, { method, bearer: api.service.masterToken, body })

async function opened() {
  const { id } = await registeredBy(api, {})
  const { page, close } = await signedIn(browser, api, { hash: `#client?id=${id}` })
  await button(page, 'Disable').waitFor()
  return { id, page, close }
}

const values = async (page: Page) => [
  await page.getByLabel('Label').inputValue(),
  await page.getByLabel('Note').inputValue(),
]

describe('the operator’s label and note', () => {
  test('that are being typed stay when the client is disabled, refreshed and given a token', async () => {
    const { id, page, close } = await opened()
    await page.getByLabel('Label').fill('partner')
    await page.getByLabel('Note').fill('Asked by Ann.')
    await button(page, 'Disable').click()
    await announced(page, 'Disabled')
    expect(await values(page)).toEqual(['partner', 'Asked by Ann.'])
    await button(page, 'Refresh').click()
    await announced(page, 'Refreshed.')
    expect(await values(page)).toEqual(['partner', 'Asked by Ann.'])
    await button(page, 'Re-issue registration access token').click()
    await answer(page, 'Re-issue').click()
    await answer(page, 'Done').click()
    await page.getByText('Token expires').waitFor()
    expect(await values(page)).toEqual(['partner', 'Asked by Ann.'])
    await button(page, 'Save label and note').click()
    await announced(page, 'Saved.')
    expect((await request(id, 'GET')).body).toMatchObject({
      label: 'partner',
      note: 'Asked by Ann.',
      disabled: true,
    })
    await close()
  })

  test('that another operator wrote meanwhile stay, except what is saved over', async () => {
    const { id, page, close } = await opened()
    await request(id, 'PATCH', { note: 'Of another operator' })
    await page.getByLabel('Label').fill('partner')
    await button(page, 'Save label and note').click()
    await announced(page, 'Saved.')
    expect((await request(id, 'GET')).body).toMatchObject({
      label: 'partner',
      note: 'Of another operator',
    })
    expect(await values(page)).toEqual(['partner', 'Of another operator'])
    await close()
  })

  test('that another operator wrote meanwhile are shown beside what is being typed', async () => {
    const { id, page, close } = await opened()
    await page.getByLabel('Note').fill('Mine')
    await request(id, 'PATCH', { note: 'Theirs' })
    await button(page, 'Refresh').click()
    await page.getByText('Changed by someone else to: Theirs').waitFor()
    expect(await values(page)).toEqual(['DCR', 'Mine'])
    await button(page, 'Save label and note').click()
    await announced(page, 'Saved.')
    expect(await page.getByText('It was changed meanwhile').isVisible()).toBe(false)
    expect((await request(id, 'GET')).body).toMatchObject({ note: 'Mine' })
    await close()
  })

  test('of which nothing was edited are not sent', async () => {
    const { id, page, close } = await opened()
    await request(id, 'PATCH', { label: 'theirs', note: 'Two\r\nlines' })
    await button(page, 'Save label and note').click()
    await announced(page, 'Nothing was edited.')
    await button(page, 'Refresh').click()
    await announced(page, 'Refreshed.')
    await button(page, 'Save label and note').click()
    await announced(page, 'Nothing was edited.')
    expect((await request(id, 'GET')).body).toMatchObject({ label: 'theirs', note: 'Two\r\nlines' })
    await close()
  })
})
