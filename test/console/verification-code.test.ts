import { describe, expect, test } from 'vitest'
import { expectAccessible, openPage, signedIn, signIn } from './operator.ts'
import { announced, answer, button, facts, heading } from './parts.ts'
import { startConsole } from './start-console.ts'

const { api, browser } = await startConsole({
  settings: { approval: 'draft', registration: 'dynamic' },
})

async function deferred(client_name: string) {
  const redirect_uris = ['https://tool.example/callback']
  const body = { client_name, redirect_uris, registration_mode: ['approval'] }
  const { body: codes } = await api.call('/register', { method: 'POST', body })
  const { registration_code, verification_code, verification_uri_complete } = codes
  const poll = () => api.call('/register', { method: 'POST', body: { registration_code } })
  return { code: String(verification_code), link: String(verification_uri_complete), poll }
}

describe('a verification code', () => {
  test('leads from the list of approvals to what is registered, which is approved', async () => {
    const { code, poll } = await deferred('A tool')
    const { page, errors, close } = await signedIn(browser, api, { hash: '#pending' })
    await page.getByRole('link', { name: 'enter its code' }).click()
    await page.getByLabel('Code that the client shows').fill(code.toLowerCase().replace('-', ''))
    await button(page, 'Find').click()
    await heading(page, 'New client').waitFor()
    await button(page, 'Approve').waitFor()
    for (const text of [code, 'A tool', 'https://tool.example', 'Anybody, without a token'])
      expect(await facts(page, 'New client')).toContain(text)
    expect(await facts(page, 'What is registered')).toContain('https://tool.example/callback')
    await expectAccessible(page)
    await button(page, 'Approve').click()
    expect(await page.getByRole('dialog').innerText()).toContain(code)
    await answer(page, 'Approve').click()
    await announced(page, 'Approved')
    expect(await button(page, 'Approve').count()).toBe(0)
    expect((await poll()).status).toBe(201)
    expect(errors).toEqual([])
    await close()
  })

  test('in the link of the client is shown after the sign-in, and can be rejected', async () => {
    const { link, poll } = await deferred('An unknown tool')
    const { page, close } = await openPage(browser, api, { hash: new URL(link).hash })
    await signIn(page, api.service.masterToken)
    await button(page, 'Reject').click()
    await answer(page, 'Reject').click()
    await announced(page, 'Rejected')
    expect((await poll()).body.error).toBe('access_denied')
    await close()
  })

  test('that nobody has is said to be unknown', async () => {
    const { page, close } = await signedIn(browser, api, { hash: '#approve?code=BCDF-BCDF' })
    await page.getByRole('alert').filter({ hasText: 'no registration awaits approval' }).waitFor()
    expect(await button(page, 'Approve').count()).toBe(0)
    await close()
  })
})
