import { generateKeyPairSync } from 'node:crypto'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { signedIn } from './operator.ts'
import { announced, answer, button, facts, heading, registeredBy, respell } from './parts.ts'
import { startConsole } from './start-console.ts'

const { api, browser } = await startConsole()

const one = 'Mmmmmmmm'.repeat(50)
const words = Array.from({ length: 40 }, () => 'ordinary').join(' ')

/** Width and height of each cell of a row, as it is laid out. */
const cells = (page: Page, row: number): Promise<readonly { width: number; height: number }[]> =>
  page.evaluate(
    `[...document.querySelectorAll('tbody tr')[${row}].cells].map((cell) => cell.getBoundingClientRect().toJSON())`,
  )

describe('long names', () => {
  test.each([
    ['one word of 400 letters', one],
    ['forty words', words],
  ])(
    'of %s leave every column as wide as without them, and their row short',
    async (_, client_name) => {
      const ordinary = { sub: `ordinary ${client_name.slice(0, 8)}` }
      await registeredBy(api, ordinary, { client_name: 'Ordinary' })
      const hash = `#clients?owner=${encodeURIComponent(ordinary.sub)}`
      const { page, close } = await signedIn(browser, api, {
        hash,
        viewport: { width: 1200, height: 800 },
      })
      await page.getByText('1 client loaded').waitFor()
      const before = await cells(page, 0)
      await registeredBy(api, ordinary, { client_name })
      await button(page, 'Refresh').click()
      await page.getByText('2 clients loaded').waitFor()
      for (const row of [0, 1]) {
        const after = await cells(page, row)
        expect(after.map(({ width }) => width)).toEqual(before.map(({ width }) => width))
        for (const { width, height } of after) {
          expect(width).toBeGreaterThan(100)
          expect(height).toBeLessThan(150)
        }
      }
      await page.setViewportSize({ width: 360, height: 740 })
      for (const { width, height } of await cells(page, 0)) {
        expect(width).toBeGreaterThan(280)
        expect(height).toBeLessThan(150)
      }
      const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
      expect(await page.evaluate(overflow)).toBe(0)
      await close()
    },
  )

  test('leave the question before a deletion readable, and its buttons in sight', async () => {
    const { id } = await registeredBy(api, {}, { client_name: words.repeat(6) })
    const viewport = { width: 360, height: 740 }
    const { page, close } = await signedIn(browser, api, { hash: `#client?id=${id}`, viewport })
    await button(page, 'Delete').click()
    const question = await page.getByRole('dialog').boundingBox()
    expect(question?.height).toBeLessThan(400)
    await close()
  })
})

const garbling = 'Bank\u202Ekcatta\u2066\u200B\u00AD 👩‍💻'
const seen = 'Bank[U+202E]kcatta[U+2066][U+200B][U+00AD] 👩‍💻'

/** Seconds for which the page keeps its thread busy, whatever else the machine does. */
async function busySeconds(page: Page, act: () => Promise<unknown>): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const elapsed = async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN
  }
  const before = await elapsed()
  await act()
  await page.evaluate(
    'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
  )
  return (await elapsed()) - before
}

describe('names of 16,384 characters that are hard to lay out', () => {
  test.each([
    ['joiners between letters', 'a\u200D'],
    ['emoji sequences without an end', '👩\u200D'],
    ['emoji sequences', '👩‍👩‍👧‍👦'],
    ['Arabic letters', 'ع'],
  ])('(%s) hold up neither the list, nor a search, nor the view of a client', async (_, unit) => {
    const { id } = await registeredBy(api, {}, { client_name: 'Laid out' })
    const client_name = unit.repeat(16_384 / unit.length)
    const { page, close } = await signedIn(browser, api)
    await respell(page, { 'Laid out': client_name })
    await page.route('**/clients?*', async (route) => {
      const response = await route.fetch()
      const { clients } = await response.json()
      const [client] = clients
      const fifty = Array.from({ length: 50 }, (_, index) => ({
        ...client,
        client_id: `${id}${index}`,
        metadata: { ...client.metadata, client_name },
      }))
      await route.fulfill({ response, json: { clients: fifty } })
    })
    const listed = await busySeconds(page, async () => {
      await button(page, 'Refresh').click()
      await page.getByText('50 clients loaded').waitFor()
    })
    const searched = await busySeconds(page, () =>
      page.getByLabel('Search the loaded clients').fill(id),
    )
    const shown = await busySeconds(page, async () => {
      await page.goto(`${api.service.url}/applications#client?id=${id}`)
      await heading(page, 'Metadata').waitFor()
    })
    for (const seconds of [listed, searched, shown]) expect(seconds).toBeLessThan(2)
    await close()
  })

  test('are shown whole where one client is shown, and by their beginning everywhere else', async () => {
    const { id } = await registeredBy(api, {}, { client_name: 'Cut off' })
    const { page, close } = await signedIn(browser, api)
    const beginning = 'a\u200D'.repeat(127)
    await respell(page, { 'Cut off': `${beginning}a🦊${'a\u200D'.repeat(5_000)}the end` })
    await page.goto(`${api.service.url}/applications#client?id=${id}`)
    await heading(page, 'Metadata').waitFor()
    const escaped = `${'a[U+200D]'.repeat(127)}a`
    expect(await page.locator('#client-heading').innerText()).toBe(`${escaped}…`)
    expect(await page.title()).toBe(`\u2068${escaped}…\u2069 · ${id} · Applications`)
    expect(await facts(page, 'Metadata')).toContain(
      `${escaped}🦊${'a[U+200D]'.repeat(5_000)}the end`,
    )
    await close()
  })
})

describe('an invisible character', () => {
  test('in a name is written out in list, heading, title, question and message', async () => {
    const { id } = await registeredBy(api, { sub: 'Garbled owner' }, { client_name: 'Garbled' })
    const { page, close } = await signedIn(browser, api)
    await respell(page, { 'Garbled owner': 'o\u202Ewner', Garbled: garbling })
    await button(page, 'Refresh').click()
    await page.getByRole('row').filter({ hasText: id }).getByRole('link', { name: seen }).click()
    await heading(page, seen).waitFor()
    expect(await page.title()).toContain(seen)
    expect(await facts(page, 'Registration')).toContain('o[U+202E]wner')
    await button(page, 'Delete').click()
    const lines = page.locator('#confirm-text p')
    expect((await lines.allInnerTexts()).slice(0, 2)).toEqual([seen, id])
    await answer(page, 'Delete').click()
    await announced(page, `Deleted ${seen}.`)
    const whole = await page.evaluate('document.body.innerText')
    expect(whole).not.toMatch(/[\u202E\u2066\u200B\u00AD]/)
    await close()
  })

  test('that looks like a space is distinguished from a space', async () => {
    const names = ['Acme Bank', 'Acme\u00A0Bank', 'Acme\u2003Bank', 'Acme  Bank']
    for (const client_name of names) await registeredBy(api, { sub: 'spaces' }, { client_name })
    const { page, close } = await signedIn(browser, api, { hash: '#clients?owner=spaces' })
    const links = page.locator('#clients-rows a')
    const shown = ['Acme Bank', 'Acme[U+00A0]Bank', 'Acme[U+2003]Bank', 'Acme  Bank']
    expect((await links.allInnerTexts()).sort()).toEqual(shown.sort())
    await close()
  })

  test("in metadata is written out, and a value's direction ends with it", async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k~1' }] }
    const { id } = await registeredBy(api, {}, { software_version: '~1.0', jwks })
    const { page, close } = await signedIn(browser, api)
    await respell(page, { '~': '\u202E' })
    await page.goto(`${api.service.url}/applications#client?id=${id}`)
    await heading(page, 'Metadata').waitFor()
    const metadata = await facts(page, 'Metadata')
    for (const fact of ['[U+202E]1.0', 'k[U+202E]1']) expect(metadata).toContain(fact)
    await close()
  })

  test('of direction in a name turns nothing around it', async () => {
    const { id } = await registeredBy(api, { sub: 'עברית' }, { client_name: 'בנק 123' })
    const { page, close } = await signedIn(browser, api, { hash: `#client?id=${id}` })
    await button(page, 'Delete').click()
    const isolated = `[...document.querySelectorAll('#client-heading, #confirm-text p:first-child')]
      .map((around) => around.innerText === around.querySelector('bdi').innerText)`
    expect(await page.evaluate(isolated)).toEqual([true, true])
    await button(page, 'Cancel').click()
    await page.goto(`${api.service.url}/applications#tokens`)
    await page.getByRole('cell').filter({ hasText: 'עברית' }).locator('bdi').first().waitFor()
    await close()
  })
})
