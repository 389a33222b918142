import { afterAll, describe, expect, test } from 'vitest'
import { day, noon, startStory } from '../clean-up/story.ts'
import { startChromium } from './chromium.ts'
import { expectAccessible, settled, signedIn } from './operator.ts'
import { announced, button, facts, heading, rows } from './parts.ts'

const story = await startStory({ cleanUp: { mode: 'on' }, sharing: 'public' })
afterAll(() => story.close())
const browser = await startChromium()
afterAll(() => browser.close())
const { api, clock } = story

async function register(client_name: string, members: object = {}) {
  const body = { client_name, redirect_uris: ['https://client.example/callback'], ...members }
  const { status, body: answer } = await api.call('/register', { method: 'POST', body })
  expect(status).toBe(201)
  return { client_id: String(answer.client_id) }
}

const program = { redirect_uris: ['http://127.0.0.1/'], token_endpoint_auth_method: 'none' }

/** A day after the first noon, as the page shows it. */
const shown = (days: number) =>
  new Date((noon + days * day) * 1000).toLocaleDateString('en-GB', {
    timeZone: 'UTC',
    year: 'numeric',
    month: 'short',
    day: 'numeric',
  })

const used = await register('In use')
const stale = await register('Stale one')
const revived = await register('Revived one')
const deleted = await register('Deleted one')
const shared = await register('A program', program)
await register('A program', program)
/** A night after a report of these clients. */
async function night(days: number, reported: Parameters<typeof story.report>[0]) {
  clock.now = noon + days * day
  await story.report(reported)
  await story.night()
}
clock.now = noon + 20 * day
await story.report([used, shared, stale, revived])
await night(31, [used, shared])
await night(111, [used, shared])
await night(121, [used, shared])
const due = await register('Due one')
clock.now = noon + 152 * day
await story.report([used])

/** The list of a state, as the operator opens it. */
async function listOf(state: string) {
  const operator = await signedIn(browser, api)
  const { page } = operator
  const link = page.getByRole('navigation', { name: 'State of the clients' }).getByRole('link', {
    name: state,
    exact: true,
  })
  await link.click()
  await expect.poll(() => link.getAttribute('aria-current')).toBe('page')
  await settled(page)
  return { ...operator, text: async () => (await rows(page).allInnerTexts()).join('\n') }
}

const viewOf = ({ client_id }: { readonly client_id: string }) =>
  signedIn(browser, api, { hash: `#client?id=${client_id}` })

describe('the list of clients', () => {
  test('shows state, last use, what clean-up does next, and who shares a client', async () => {
    const { page, errors, close } = await signedIn(browser, api)
    const row = (name: string) => rows(page).filter({ hasText: name }).innerText()
    expect(await row('In use')).toMatch(
      new RegExp(`${shown(152)}\\s*Enabled\\s*stale after ${shown(242)}`),
    )
    expect(await row('Stale one')).toMatch(
      new RegExp(`${shown(20)}\\s*Stale\\s*since ${shown(111)}\\s*deleted after ${shown(201)}`),
    )
    expect(await row('Due one')).toMatch(new RegExp(`–\\s*Enabled\\s*stale after ${shown(151)}`))
    expect(await row('A program')).toContain('shared by about 2')
    await expectAccessible(page)
    expect(errors).toEqual([])
    await close()
  })

  test('is of those that the next night makes stale', async () => {
    const { page, text, close } = await listOf('About to become stale')
    await page.getByText('The next night makes these clients stale').waitFor()
    expect(await text()).toContain(due.client_id)
    expect(await rows(page).count()).toBe(1)
    expect(await page.getByRole('search').isVisible()).toBe(false)
    await expectAccessible(page)
    await close()
  })

  test('is of the stale ones, which lead to their view', async () => {
    const { page, text, close } = await listOf('Stale')
    expect(await text()).toContain(stale.client_id)
    expect(await text()).not.toContain(used.client_id)
    await page.getByRole('link', { name: 'Stale one' }).click()
    await heading(page, 'Stale one').waitFor()
    await page.getByRole('link', { name: 'Back to the clients' }).click()
    await heading(page, 'Clients').waitFor()
    expect(page.url()).toMatch(/#clients\?state=stale$/)
    await close()
  })

  test('is of the deleted ones, which lead nowhere', async () => {
    const { page, text, close } = await listOf('Deleted')
    expect(await text()).toContain(deleted.client_id)
    expect(await text()).toMatch(
      new RegExp(`Deleted\\s*on ${shown(121)}\\s*stale since ${shown(31)}`),
    )
    expect(await rows(page).getByRole('link').count()).toBe(0)
    await expectAccessible(page)
    await page.getByRole('link', { name: 'All', exact: true }).click()
    await rows(page).filter({ hasText: 'In use' }).waitFor()
    expect(await page.getByRole('search').isVisible()).toBe(true)
    await close()
  })
})

describe('the view of a client', () => {
  test('says when it was used, and when it becomes stale', async () => {
    const { page, close } = await viewOf(used)
    await heading(page, 'State').waitFor()
    expect(await facts(page, 'State')).toContain(`Last used${shown(152)}`)
    expect(await facts(page, 'State')).toContain(`Becomes stale after${shown(242)}`)
    expect(await button(page, 'Revive').isVisible()).toBe(false)
    await expectAccessible(page)
    await close()
  })

  test('says of a shared client how many share it, and that no use was reported of a new one', async () => {
    const { page, close } = await viewOf(shared)
    await heading(page, 'State').waitFor()
    expect(await facts(page, 'State')).toContain('by about 2 instances')
    await page.goto(`${api.service.url}/applications#client?id=${due.client_id}`)
    await heading(page, 'Due one').waitFor()
    expect(await facts(page, 'State')).toContain('No use was reported')
    await close()
  })

  test('says since when a stale client is stale and when it goes, and revives it', async () => {
    const { page, errors, close } = await viewOf(revived)
    await button(page, 'Revive').waitFor()
    const before = await facts(page, 'State')
    expect(before).toContain(`Stale since${shown(111)}`)
    expect(before).toContain(`Deleted after${shown(201)}`)
    await expectAccessible(page)
    await button(page, 'Revive').click()
    await announced(page, 'Revived')
    expect(await page.locator('#client-state').innerText()).toBe('Enabled')
    expect(await button(page, 'Revive').isVisible()).toBe(false)
    expect(await story.show(revived)).toMatchObject({ state: 'active' })
    expect(await facts(page, 'State')).toContain(`Becomes stale after${shown(242)}`)
    expect(errors).toEqual([])
    await close()
  })

  test('is whole on a phone: nothing is wider than the screen', async () => {
    const { page, close } = await signedIn(browser, api, {
      hash: `#client?id=${stale.client_id}`,
      viewport: { width: 360, height: 740 },
    })
    await button(page, 'Revive').waitFor()
    for (const hash of ['#clients', '#clients?state=stale', '#clients?state=deleted']) {
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
      await page.evaluate(`location.hash = '${hash}'`)
      await settled(page)
    }
    await close()
  })
})
