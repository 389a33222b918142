import { describe, expect, test } from 'vitest'
import { expectAccessible, settled, signedIn } from './operator.ts'
import { announced, answer, button, facts, heading, registeredBy, rows } from './parts.ts'
import { startConsole } from './start-console.ts'

const { api, browser } = await startConsole({
  settings: { approval: 'disabled_until_approved' },
})

const stateOf = async (id: string) =>
  (await api.call(`/clients/${id}`, { bearer: api.service.masterToken })).body

const register = (metadata: object) => registeredBy(api, { sub: 'alice' }, metadata)

describe('the approvals', () => {
  test('show what awaits approval: name, redirect hosts, owner, method and time', async () => {
    const client_name = 'Notes of Alice'
    const redirect_uris = ['https://notes.example/callback', 'https://notes.example/other']
    const { id } = await register({ client_name, redirect_uris })
    const { page, errors, close } = await signedIn(browser, api)
    await page.getByRole('link', { name: 'Approvals' }).click()
    await heading(page, 'Approvals').waitFor()
    await settled(page)
    const text = await rows(page).filter({ hasText: id }).innerText()
    for (const shown of [client_name, 'alice', 'Holder of the initial access token'])
      expect(text).toContain(shown)
    expect(text.match(/https:\/\/notes\.example/g)).toHaveLength(1)
    await expectAccessible(page)
    expect(errors).toEqual([])
    await close()
  })

  test('lead to a client, which is approved with a note after a confirmation', async () => {
    const redirect_uris = ['https://approved.example/callback']
    const { id } = await register({ client_name: 'To approve', redirect_uris })
    const { page, close } = await signedIn(browser, api, { hash: '#pending' })
    await page.getByRole('link', { name: 'To approve' }).click()
    await heading(page, 'To approve').waitFor()
    expect(await page.locator('#client-state').innerText()).toBe('Awaits approval')
    expect(await button(page, 'Enable').count()).toBe(0)
    await expectAccessible(page)
    await button(page, 'Approve').click()
    await expectAccessible(page)
    expect(await page.getByRole('dialog').innerText()).toContain('https://approved.example')
    await answer(page, 'Cancel').click()
    expect(await stateOf(id)).toMatchObject({ disabled: true })
    await page.locator('#approval-note').fill('Called them')
    await button(page, 'Approve').click()
    await answer(page, 'Approve').click()
    await announced(page, 'Approved')
    expect(await stateOf(id)).toMatchObject({
      disabled: false,
      decision: { outcome: 'approved', note: 'Called them' },
    })
    expect(await button(page, 'Approve').count()).toBe(0)
    expect(await facts(page, 'State')).toMatch(/Approved\s*by master token.*Called them/)
    await page.getByRole('link', { name: 'Approvals' }).click()
    await heading(page, 'Approvals').waitFor()
    await settled(page)
    expect(await rows(page).filter({ hasText: id }).count()).toBe(0)
    await close()
  })

  test('of a client that is rejected leave it disabled', async () => {
    const { id } = await register({ client_name: 'To reject' })
    const { page, close } = await signedIn(browser, api, { hash: `#client?id=${id}` })
    await button(page, 'Reject').click()
    await answer(page, 'Reject').click()
    await announced(page, 'Rejected')
    expect(await stateOf(id)).toMatchObject({ disabled: true, decision: { outcome: 'rejected' } })
    await close()
  })

  test('say who decided where somebody was faster', async () => {
    const { id } = await register({ client_name: 'Decided' })
    const { page, close } = await signedIn(browser, api, { hash: `#client?id=${id}` })
    await button(page, 'Approve').waitFor()
    const rejection = { decision: 'reject' }
    await api.call(`/clients/${id}/approval`, {
      method: 'POST',
      bearer: api.service.masterToken,
      body: rejection,
    })
    await button(page, 'Approve').click()
    await answer(page, 'Approve').click()
    await page.getByRole('alert').filter({ hasText: 'rejected already by master token' }).waitFor()
    expect(await stateOf(id)).toMatchObject({ disabled: true })
    await close()
  })
})
