import { describe, expect, test } from 'vitest'
import { startApi } from '../support/api.ts'
import { expectAccessible, settled, signedIn } from './operator.ts'
import { button, registeredBy, rows } from './parts.ts'
import { startConsole } from './start-console.ts'

const { api, browser } = await startConsole({
  settings: {
    findClientsBy: { name: true, redirectHost: true },
    approval: 'disabled_until_approved',
  },
})

const register = (client_name: string, host: string) =>
  registeredBy(api, {}, { client_name, redirect_uris: [`https://${host}/callback`] })

describe('the operator', () => {
  test('finds clients by the beginning of their name and by redirect host', async () => {
    const notes = await register('Notes of Ann', 'notes.example')
    await register('Ännder', 'other.example')
    const { page, errors, close } = await signedIn(browser, api)
    await page.getByLabel('Find by').selectOption('Name')
    await page.getByLabel('Begins with').fill('notes OF')
    expect(await page.getByLabel('Registered from').isDisabled()).toBe(true)
    await expectAccessible(page)
    await button(page, 'Apply').click()
    await page.getByText('1 client loaded').waitFor()
    expect(await rows(page).innerText()).toContain(notes.id)
    expect(page.url()).toContain('#clients?name_prefix=notes+OF')
    await button(page, 'Clear').click()
    await page.getByText('2 clients loaded').waitFor()
    await page.getByLabel('Find by').selectOption('Redirect host')
    await page.getByLabel('Equals').fill('notes.example')
    await button(page, 'Apply').click()
    await page.getByText('1 client loaded').waitFor()
    expect(await rows(page).innerText()).toContain(notes.id)
    await page.getByLabel('Equals').fill('https://notes.example/')
    await button(page, 'Apply').click()
    await page.getByRole('alert').filter({ hasText: 'expected a host without scheme' }).waitFor()
    expect(errors).toEqual([])
    await close()
  })

  test('leaves no time beside a name that the form had before', async () => {
    const { page, close } = await signedIn(browser, api)
    await page.getByLabel('Registered from').fill('2020-01-01T00:00')
    await page.getByLabel('Find by').selectOption('Name')
    await page.getByLabel('Begins with').fill('no')
    await button(page, 'Apply').click()
    await expect.poll(() => page.url()).toMatch(/#clients\?name_prefix=no$/)
    await settled(page)
    expect(await page.locator('#problem').textContent()).toBe('')
    await close()
  })

  test('sees which clients await approval, and which were rejected', async () => {
    const { id } = await register('Rejected', 'rejected.example')
    await api.call(`/clients/${id}/approval`, {
      method: 'POST',
      bearer: api.service.masterToken,
      body: { decision: 'reject' },
    })
    const waiting = await register('Waiting', 'waiting.example')
    const { page, close } = await signedIn(browser, api)
    await page.getByRole('link', { name: 'Awaiting approval' }).click()
    await rows(page).filter({ hasText: waiting.id }).waitFor()
    expect(await rows(page).filter({ hasText: waiting.id }).innerText()).toContain(
      'Awaits approval',
    )
    await expect.poll(() => rows(page).filter({ hasText: id }).count()).toBe(0)
    expect(await page.getByRole('link', { name: 'Stale' }).count()).toBe(0)
    await page.getByRole('link', { name: 'All', exact: true }).click()
    const row = rows(page).filter({ hasText: id })
    await row.waitFor()
    expect(await row.innerText()).toContain('Rejected')
    await close()
  })

  test('is offered only what the settings have', async () => {
    const plain = await startApi()
    const { page, close } = await signedIn(browser, plain)
    const options = await page.getByLabel('Find by').locator('option').allInnerTexts()
    expect(options).toContain('Client identifier')
    expect(options).not.toContain('Name')
    expect(options).not.toContain('Redirect host')
    expect(await page.locator('#states').isVisible()).toBe(false)
    await close()
    await plain.service.close()
  })
})
