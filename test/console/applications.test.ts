import { describe, expect, test } from 'vitest'
import { expectAccessible, openPage, settled, signedIn, signIn } from './operator.ts'
import { announced, answer, button, facts, heading, registeredBy, rows } from './parts.ts'
import { startConsole } from './start-console.ts'

const { api, browser } = await startConsole()

const redirect_uris = ['https://client.example/callback']
const hostile = '<img src=x onerror="document.title=1"><script>document.title=1</script>'

const registerBy = (issue: object, metadata?: object) => registeredBy(api, issue, metadata)

const read = async (id: string, bearer: string) =>
  (await api.call(`/register/${id}`, { bearer })).status

const stateOf = async (id: string) =>
  (await api.call(`/clients/${id}`, { bearer: api.service.masterToken })).body

const checkSecret = async (id: string, client_secret: string) => {
  const bearer = api.service.masterToken
  const path = `/clients/${id}/secret-check`
  return (await api.call(path, { method: 'POST', bearer, body: { client_secret } })).body.valid
}

describe('signing in', () => {
  test('a wrong token is rejected in words, and is not left in the field', async () => {
    const { page, close } = await openPage(browser, api)
    for (const wrong of ['wrong', 'not even ä token']) {
      await signIn(page, wrong)
      await page.getByRole('alert').filter({ hasText: 'token' }).waitFor()
      expect(await page.getByLabel('Master token').inputValue()).toBe('')
      expect(await heading(page, 'Clients').isVisible()).toBe(false)
    }
    await expectAccessible(page)
    await close()
  })

  test('the token is in no storage, cookie, address, attribute or text, and a reload forgets it', async () => {
    const { page, requests, close } = await signedIn(browser, api)
    await page.getByRole('link', { name: 'Initial access tokens' }).click()
    await heading(page, 'Initial access tokens').waitFor()
    const storage = '[localStorage.length, sessionStorage.length, document.cookie]'
    expect(await page.evaluate(storage)).toEqual([0, 0, ''])
    const values = '[...document.querySelectorAll("input, textarea")].map(({ value }) => value)'
    const shown = [await page.content(), page.url(), requests, await page.evaluate(values)]
    expect(JSON.stringify(shown).includes(api.service.masterToken)).toBe(false)
    expect(await page.context().cookies()).toEqual([])
    await page.reload()
    await heading(page, 'Sign in').waitFor()
    await close()
  })

  test('a token that is no longer accepted leads back to the sign-in, and nothing stays on the page', async () => {
    const { id } = await registerBy({ sub: 'forgotten' })
    const { page, close } = await signedIn(browser, api)
    await rows(page).filter({ hasText: id }).waitFor()
    await page.route('**/clients*', (route) =>
      route.fulfill({ status: 401, json: { error: 'invalid_token' } }),
    )
    await button(page, 'Refresh').click()
    await heading(page, 'Sign in').waitFor()
    await page.getByRole('alert').filter({ hasText: 'does not accept' }).waitFor()
    expect((await page.content()).includes(id)).toBe(false)
    await close()
  })
})

describe('the list of clients', () => {
  test('shows what a client calls itself as text, whatever that is', async () => {
    const { id } = await registerBy({ sub: 'mallory' }, { client_name: hostile })
    const { page, errors, close } = await signedIn(browser, api)
    await page.getByRole('link', { name: hostile }).click()
    await heading(page, hostile).waitFor()
    expect(await page.locator('#client-id').innerText()).toBe(id)
    expect(await page.locator('img').count()).toBe(0)
    expect(await page.title()).toContain(hostile)
    expect(errors).toEqual([])
    await close()
  })

  test('is filtered by owner, label, token id, a pasted token, software and time', async () => {
    const software_id = 'software-7'
    const alice = await registerBy({ sub: 'alice' }, { client_name: 'Of Alice', software_id })
    await registerBy({ sub: 'bob' }, { client_name: 'Of Bob' })
    await api.call(`/clients/${alice.id}`, {
      method: 'PATCH',
      bearer: api.service.masterToken,
      body: { label: 'vip' },
    })
    const tokenId = alice.bearer.split('_')[1] ?? ''
    const { page, close } = await signedIn(browser, api)
    for (const [by, value] of [
      ['Owner', 'alice'],
      ['Label', 'vip'],
      ['Software identifier', software_id],
      ['Initial access token (its id)', tokenId],
      ['Initial access token (its id)', alice.bearer],
    ] as const) {
      await page.getByLabel('Find by').selectOption(by)
      await page.getByLabel('Equals').fill(value)
      await button(page, 'Apply').click()
      await page.getByText('1 client loaded').waitFor()
      expect(await rows(page).innerText()).toContain(alice.id)
      expect(page.url()).not.toContain('iat_')
      await button(page, 'Clear').click()
      await page.getByText(/^([2-9]|\d{2}) clients loaded/).waitFor()
    }
    await page.getByLabel('Registered from').fill('2100-01-01T00:00')
    await button(page, 'Apply').click()
    await page.getByText('0 clients loaded').waitFor()
    await button(page, 'Clear').click()
    await page.getByText(/^([2-9]|\d{2}) clients loaded/).waitFor()
    await page.getByLabel('Find by').selectOption('Client identifier')
    await page.getByLabel('Equals').fill(alice.id)
    await button(page, 'Apply').click()
    await heading(page, 'Of Alice').waitFor()
    await close()
  })

  test('is searched in all that is loaded of each client', async () => {
    await registerBy({ sub: 'carol' }, { client_uri: 'https://needle.example/' })
    const { page, close } = await signedIn(browser, api)
    await page.getByLabel('Search the loaded clients').fill('NEEDLE.example')
    await page.getByText(/^1 found in \d+ clients loaded/).waitFor()
    expect(await rows(page).count()).toBe(1)
    await close()
  })

  test('is whole again when filter and search are cleared, and requested again by the same filter', async () => {
    await registerBy({ sub: 'cleared' }, { client_name: 'First' })
    const { page, close } = await signedIn(browser, api)
    const search = page.getByLabel('Search the loaded clients')
    const all = await rows(page).count()
    await search.fill('nobody is called that')
    expect(await rows(page).count()).toBe(0)
    await button(page, 'Clear').click()
    await expect.poll(() => rows(page).count()).toBe(all)
    await page.getByLabel('Find by').selectOption('Owner')
    await page.getByLabel('Equals').fill('cleared')
    await button(page, 'Apply').click()
    await page.getByText('1 client loaded').waitFor()
    await registerBy({ sub: 'cleared' }, { client_name: 'Second' })
    await button(page, 'Apply').click()
    await page.getByText('2 clients loaded').waitFor()
    await close()
  })

  test('is searched anew when it is another list, however the operator came to it', async () => {
    const { bearer } = await registerBy({ sub: 'judy' }, { client_name: 'Of Judy' })
    const { page, close } = await signedIn(browser, api)
    const search = page.getByLabel('Search the loaded clients')
    const tokenId = bearer.split('_')[1] ?? ''
    const others = [
      () => page.goto(`${api.service.url}/applications#clients?owner=judy`),
      () => page.goto(`${api.service.url}/applications#clients?initial_access_token=${tokenId}`),
      async () => {
        await page.getByRole('link', { name: 'Initial access tokens' }).click()
        await page.getByRole('link', { name: tokenId }).click()
      },
      async () => {
        await page.getByLabel('Find by').selectOption('Owner')
        await page.getByLabel('Equals').fill('judy')
        await button(page, 'Apply').click()
      },
    ]
    for (const go of others) {
      await page.goto(`${api.service.url}/applications#clients`)
      await page.getByText(/^([2-9]|\d{2,}) clients loaded/).waitFor()
      await search.fill('nobody is called that')
      await page.getByText('0 found').waitFor()
      await go()
      await page.getByText('1 client loaded').waitFor()
      expect(await search.inputValue()).toBe('')
      expect(await rows(page).innerText()).toContain('Of Judy')
    }
    await close()
  })

  test('keeps its search when it is refreshed, and when a client is shown and left', async () => {
    const { id } = await registerBy({ sub: 'kim' }, { client_name: 'Of Kim' })
    const { page, close } = await signedIn(browser, api)
    const search = page.getByLabel('Search the loaded clients')
    await search.fill('of kim')
    await page.getByText('1 found').waitFor()
    await button(page, 'Refresh').click()
    await announced(page, 'Refreshed.')
    await page.getByRole('link', { name: 'Of Kim' }).click()
    await heading(page, 'Of Kim').waitFor()
    await page.getByRole('link', { name: 'Back to the clients' }).click()
    await page.getByText('1 found').waitFor()
    expect(await search.inputValue()).toBe('of kim')
    expect(await rows(page).innerText()).toContain(id)
    await close()
  })

  test('is refreshed on demand, and says that it is eventually consistent', async () => {
    const { page, close } = await signedIn(browser, api)
    await page.getByText('eventually consistent').waitFor()
    const { id } = await registerBy({}, { client_name: 'Newcomer' })
    await button(page, 'Refresh').click()
    await announced(page, 'Refreshed.')
    expect(await rows(page).filter({ hasText: id }).count()).toBe(1)
    await close()
  })

  test('shows an error of the service or the network in words', async () => {
    const { page, close } = await signedIn(browser, api)
    await page.route('**/clients*', (route) => route.abort())
    await button(page, 'Refresh').click()
    await page.getByRole('alert').filter({ hasText: 'cannot be reached' }).waitFor()
    await close()
  })
})

describe('the view of a client', () => {
  test('shows its metadata, and who registered it by which token, policies and lock', async () => {
    const { id, bearer } = await registerBy(
      {
        sub: 'dave',
        scope: ['client-reg:grant:code', 'client-reg:scope:openid'],
        policies: ['public-clients-only'],
      },
      { token_endpoint_auth_method: 'none', scope: 'openid', logo_uri: 'https://x.example/logo' },
    )
    const { page, close } = await signedIn(browser, api, { hash: `#client?id=${id}` })
    await heading(page, 'Metadata').waitFor()
    const registration = await facts(page, 'Registration')
    for (const fact of ['dave', bearer.split('_')[1], 'public-clients-only', 'authorization_code'])
      expect(registration).toContain(fact)
    expect(await facts(page, 'Metadata')).toContain('https://x.example/logo')
    await page.getByRole('link', { name: 'dave' }).click()
    await page.getByText('1 client loaded').waitFor()
    await close()
  })

  test('disables the client, whose token is then rejected, and enables it again', async () => {
    const { id, token } = await registerBy({}, { client_name: 'Switched' })
    const { page, close } = await signedIn(browser, api, { hash: `#client?id=${id}` })
    await button(page, 'Disable').click()
    await announced(page, 'Disabled')
    expect(await read(id, token)).toBe(401)
    await page.getByRole('link', { name: 'Back to the clients' }).click()
    await heading(page, 'Clients').waitFor()
    expect(await rows(page).filter({ hasText: id }).innerText()).toContain('Disabled')
    await page.goBack()
    await button(page, 'Enable').click()
    await announced(page, 'Enabled.')
    expect(await read(id, token)).toBe(200)
    await close()
  })

  test('edits label and note; an empty label is DCR', async () => {
    const { id } = await registerBy({})
    const { page, close } = await signedIn(browser, api, { hash: `#client?id=${id}` })
    await page.getByLabel('Label').fill('partner')
    await page.getByLabel('Note').fill('Asked by Ann.')
    await button(page, 'Save label and note').click()
    await announced(page, 'Saved.')
    expect(await stateOf(id)).toMatchObject({ label: 'partner', note: 'Asked by Ann.' })
    await page.getByLabel('Label').fill('')
    await page.getByLabel('Note').fill('')
    await button(page, 'Save label and note').click()
    await announced(page, 'Saved.')
    expect((await stateOf(id)).label).toBe('DCR')
    expect(await stateOf(id)).not.toHaveProperty('note')
    await close()
  })

  test('deletes the client when that is confirmed, and not when it is cancelled', async () => {
    const { id } = await registerBy({}, { client_name: 'Doomed' })
    const { page, close } = await signedIn(browser, api, { hash: `#client?id=${id}` })
    await button(page, 'Delete').click()
    await expectAccessible(page)
    await button(page, 'Cancel').click()
    await button(page, 'Delete').click()
    await page.keyboard.press('Escape')
    expect(await stateOf(id)).toMatchObject({ client_id: id })
    await button(page, 'Delete').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await announced(page, 'Deleted Doomed.')
    expect(await rows(page).filter({ hasText: id }).count()).toBe(0)
    expect(await stateOf(id)).toMatchObject({ error: 'invalid_request' })
    await page.goBack()
    await page.getByRole('alert').filter({ hasText: 'no such client' }).waitFor()
    await close()
  })

  test('asks again at once, however the previous question was left', async () => {
    const { id } = await registerBy({})
    const { page, close } = await signedIn(browser, api, { hash: `#client?id=${id}` })
    const remove = button(page, 'Delete')
    for (const left of [
      'document.querySelector("#confirm-cancel").click()',
      'document.querySelector("#confirm").requestClose()',
    ]) {
      await remove.click()
      // Promises are settled between the two, and nothing else happens: no event comes in time to help.
      const asked = await page.evaluate(`(async () => {
        ${left}
        for (let turn = 0; turn < 50; turn += 1) await undefined
        document.querySelector('#client-delete').click()
        return document.querySelector('#confirm').open
      })()`)
      expect(asked).toBe(true)
      await button(page, 'Cancel').click()
    }
    expect(await stateOf(id)).toMatchObject({ client_id: id })
    await close()
  })

  test('reissues the registration access token, shows it once, and revokes the previous one', async () => {
    const { id, token } = await registerBy({})
    const { page, close } = await signedIn(browser, api, { hash: `#client?id=${id}` })
    await button(page, 'Re-issue registration access token').click()
    await button(page, 'Re-issue').click()
    const shown = page.locator('#secret-value')
    await shown.waitFor()
    const reissued = await shown.inputValue()
    await expectAccessible(page)
    await button(page, 'Done').click()
    expect(await shown.inputValue()).toBe('')
    expect(await read(id, token)).toBe(401)
    expect(await read(id, reissued)).toBe(200)
    await close()
  })

  test('renews the client secret, shows it once, and ends the previous one when the operator says', async () => {
    const { id } = await registerBy({})
    const { page, close } = await signedIn(browser, api, { hash: `#client?id=${id}` })
    const shown = page.locator('#secret-value')
    const renew = async (end: string) => {
      await button(page, 'Renew client secret').click()
      await page.getByLabel('The current secret stops working').selectOption(end)
      await expectAccessible(page)
      await answer(page, 'Renew').click()
      await shown.waitFor()
      const secret = await shown.inputValue()
      const said = await page.locator('#secret-text').textContent()
      await button(page, 'Done').click()
      await page.locator('#client-renew-secret:not([aria-busy])').waitFor()
      return { secret, said, source: await facts(page, 'Registration') }
    }
    const first = await renew('after a day')
    expect(first.said).toContain('The previous secret is valid until ')
    expect(first.source).toContain('Previous secret expires')
    expect(await checkSecret(id, first.secret)).toBe(true)
    const second = await renew('immediately (after a leak)')
    expect(second.said).toContain('No earlier secret is valid.')
    expect(second.source).not.toContain('Previous secret')
    expect(await checkSecret(id, first.secret)).toBe(false)
    expect(await checkSecret(id, second.secret)).toBe(true)
    const third = await renew('after the overlap in the settings')
    expect(third.said).toContain('No earlier secret is valid.')
    expect(await shown.inputValue()).toBe('')
    await close()
  })

  test('offers no renewal to a client without a secret', async () => {
    const { id } = await registerBy({}, { token_endpoint_auth_method: 'none' })
    const { page, close } = await signedIn(browser, api, { hash: `#client?id=${id}` })
    await button(page, 'Delete').waitFor()
    expect(await button(page, 'Renew client secret').isVisible()).toBe(false)
    await close()
  })
})

describe('initial access tokens', () => {
  test('are issued with every member, shown once, copied, and register a client', async () => {
    const { page, close } = await signedIn(browser, api, { hash: '#tokens' })
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await button(page, 'Issue a token').click()
    await page.getByLabel('Owner').fill('erin')
    await page.getByLabel('Scope').fill('client-reg:grant:code client-reg:grant:refresh_token')
    await page.getByLabel('Audience').fill(api.service.registrationEndpoint)
    await page.getByLabel('Policies').fill('nonsense')
    await page.getByLabel('Consumed').selectOption('on_attempt')
    await page.getByLabel('Uses', { exact: false }).last().fill('2')
    await page.getByLabel('Lifetime lifetime').fill('3')
    await page.getByLabel('Lifetime is in').selectOption('days')
    await button(page, 'Issue').click()
    await page.getByRole('alert').filter({ hasText: 'policies: expected names among' }).waitFor()
    await page.getByLabel('Policies').fill('public-clients-only')
    await button(page, 'Issue').click()
    const shown = page.locator('#secret-value')
    await shown.waitFor()
    const bearer = await shown.inputValue()
    expect(bearer).toMatch(/^iat_a/)
    await page.keyboard.press('Escape')
    expect(await shown.isVisible()).toBe(true)
    await button(page, 'Copy').click()
    await page.getByText('Copied.').waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(bearer)
    await button(page, 'Done').click()
    await announced(page, 'Issued')
    expect((await page.content()).includes(bearer)).toBe(false)
    expect(await shown.inputValue()).toBe('')

    const listed = await rows(page).first().innerText()
    for (const fact of ['erin', '2 of 2', 'every attempt', 'public-clients-only'])
      expect(listed).toContain(fact)
    const body = { redirect_uris, token_endpoint_auth_method: 'none' }
    const answer = await api.call('/register', { method: 'POST', bearer, body })
    expect(answer.status).toBe(201)
    await button(page, 'Refresh').click()
    await announced(page, 'Refreshed.')
    expect(await rows(page).first().innerText()).toContain('1 of 2')
    await rows(page).first().getByRole('link').click()
    await page.getByText('1 client loaded').waitFor()
    await close()
  })

  test('are revoked when that is confirmed, and not when it is cancelled', async () => {
    const bearer = await api.initialAccessToken({ sub: 'frank', max_uses: 5 })
    const { page, close } = await signedIn(browser, api, { hash: '#tokens' })
    const revoke = page.getByRole('button', { name: 'Revoke frank' })
    const register = async () =>
      (await api.call('/register', { method: 'POST', bearer, body: { redirect_uris } })).status
    await revoke.click()
    await button(page, 'Cancel').click()
    expect(await register()).toBe(201)
    await revoke.click()
    await button(page, 'Revoke').click()
    await announced(page, 'Revoked')
    expect(await revoke.count()).toBe(0)
    expect(await register()).toBe(401)
    await close()
  })

  test('are searched among those loaded, and the page says how many of how many', async () => {
    const bearer = await api.initialAccessToken({
      sub: 'heidi',
      scope: ['client-reg:scope:hers-alone'],
    })
    await api.initialAccessToken({ sub: 'ivan' })
    const { page, close } = await signedIn(browser, api, { hash: '#tokens' })
    const search = page.getByLabel('Search the loaded tokens')
    for (const sought of ['HEIDI', bearer.split('_')[1] ?? '', 'hers-alone']) {
      await search.fill(sought)
      await page.getByText(/^1 found in \d+ tokens loaded/).waitFor()
      expect(await rows(page).innerText()).toContain('heidi')
    }
    await search.fill('nothing like it')
    await page.getByText(/^0 found in \d+ tokens loaded/).waitFor()
    await search.fill('')
    await page.getByText(/^\d+ tokens loaded/).waitFor()
    await close()
  })
})

describe('the page', () => {
  test('loads more clients and tokens without showing one twice', async () => {
    const bearer = await api.initialAccessToken({ sub: 'many', max_uses: 60 })
    const register = { method: 'POST', bearer, body: { redirect_uris } }
    for (let round = 0; round < 11; round += 1)
      await Promise.all(Array.from({ length: 5 }, () => api.call('/register', register)))
    const { page, close } = await signedIn(browser, api, { hash: '#clients?owner=many' })
    await page.getByText('50 clients loaded, and there are more').waitFor()
    await button(page, 'Load more').click()
    await page.getByText('55 clients loaded.').waitFor()
    const ids = await page.locator('#clients-rows code').allInnerTexts()
    expect(new Set(ids).size).toBe(55)
    expect(await page.evaluate('document.activeElement.getAttribute("href")')).toContain(ids[50])
    expect(await button(page, 'Load more').isVisible()).toBe(false)

    for (let round = 0; round < 10; round += 1)
      await Promise.all(Array.from({ length: 5 }, () => api.initialAccessToken()))
    await page.getByRole('link', { name: 'Initial access tokens' }).click()
    await page.getByText('50 tokens loaded, and there are more').waitFor()
    await button(page, 'Load more').click()
    await page.getByText(/^(5[1-9]|[6-9]\d) tokens loaded\./).waitFor()
    await close()
  })

  test('works by keyboard alone, and the focus follows the operator', async () => {
    const { id } = await registerBy({ sub: 'keys' }, { client_name: 'Typed' })
    const { page, close } = await openPage(browser, api, { hash: '#clients?owner=keys' })
    const focused = () => page.evaluate('document.activeElement.innerText.trim()')
    const tabTo = async (name: string) => {
      for (let presses = 0; presses < 30 && (await focused()) !== name; presses += 1)
        await page.keyboard.press('Tab')
      expect(await focused()).toBe(name)
    }
    await page.keyboard.type(api.service.masterToken)
    await page.keyboard.press('Enter')
    await page.getByText('1 client loaded').waitFor()
    expect(await focused()).toBe('Clients')
    await tabTo('Typed')
    await page.keyboard.press('Enter')
    await heading(page, 'Typed').waitFor()
    expect(await focused()).toBe('Typed')
    await tabTo('Disable')
    await page.keyboard.press('Space')
    await announced(page, 'Disabled')
    expect(await focused()).toBe('Enable')
    await tabTo('Delete')
    await page.keyboard.press('Enter')
    expect(await focused()).toBe('Cancel')
    await page.keyboard.press('Escape')
    expect(await focused()).toBe('Delete')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await announced(page, 'Deleted Typed.')
    expect(await focused()).toBe('Clients')
    expect(await stateOf(id)).toHaveProperty('error')
    await close()
  })

  test.each(['light', 'dark'] as const)(
    'passes axe in every view, %s',
    async (colorScheme) => {
      const { id } = await registerBy({ sub: 'axe' }, { client_name: 'Seen' })
      for (const width of [1200, 360]) {
        const viewport = { width, height: 740 }
        const { page, errors, close } = await openPage(browser, api, { colorScheme, viewport })
        await expectAccessible(page)
        await signIn(page, api.service.masterToken)
        await heading(page, 'Clients').waitFor()
        const views = [`#clients?owner=axe`, `#client?id=${id}`, '#client?id=nobody', '#tokens']
        for (const hash of views) {
          await page.goto(`${api.service.url}/applications${hash}`)
          await settled(page)
          await expectAccessible(page)
          const overflow =
            'document.documentElement.scrollWidth - document.documentElement.clientWidth'
          expect(await page.evaluate(overflow), hash).toBe(0)
        }
        await button(page, 'Issue a token').click()
        await expectAccessible(page)
        expect(errors).toEqual([])
        await close()
      }
    },
    180_000,
  )
})

describe('the content security policy, as Chromium keeps it', () => {
  test.each([
    ['a script', 'document.body.append(Object.assign(document.createElement("script"), { text }))'],
    ['markup', 'document.body.innerHTML = "<b>"'],
    ['a handler', 'document.body.setAttribute("onclick", text)'],
  ])('rejects %s that is injected (Trusted Types)', async (_what, injection) => {
    const { page, close } = await openPage(browser, api)
    const outcome = await page.evaluate(
      `const text = 'document.title = 1'; try { ${injection}; 'accepted' } catch (error) { error.name }`,
    )
    expect(outcome).toBe('TypeError')
    expect(await page.title()).toBe('Sign in · Applications')
    await close()
  })

  test('blocks an image of another origin', async () => {
    const { page, errors, close } = await openPage(browser, api)
    const outcome = await page.evaluate(
      'new Promise((resolve) => { const image = new Image(); image.onload = image.onerror = ({ type }) => resolve(type); image.src = "https://elsewhere.example/" })',
    )
    expect(outcome).toBe('error')
    expect(errors.join()).toMatch(/Content Security Policy/)
    await close()
  })

  test('blocks an inline script in a response that was tampered with', async () => {
    const { page, errors, close } = await openPage(browser, api)
    await page.route('**/applications', async (route) => {
      const response = await route.fetch()
      const body = (await response.text()).replace('</body>', '<script>document.title=1</script>')
      await route.fulfill({ response, body })
    })
    await page.reload()
    await heading(page, 'Sign in').waitFor()
    expect(await page.title()).toBe('Sign in · Applications')
    expect(errors.join()).toMatch(/inline script/)
    await close()
  })

  test('blocks requests to any other origin', async () => {
    const { id } = await registerBy({}, { logo_uri: 'https://elsewhere.example/logo.png' })
    const { page, requests, errors, close } = await signedIn(browser, api, {
      hash: `#client?id=${id}`,
    })
    await page.getByText('https://elsewhere.example/logo.png').waitFor()
    expect(requests.length).toBeGreaterThan(2)
    expect(requests.filter((url) => new URL(url).origin !== api.service.url)).toEqual([])
    expect(errors).toEqual([])
    await close()
  })
})
