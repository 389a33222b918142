import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { registrationBody } from '../../functions/http/registration-body.ts'
import { createJsonFetcher } from '../../lib/adapters/https/fetch-document.ts'
import { trust } from '../../lib/jwt/trust.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { Server } from '../../lib/server.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { updateClient } from '../../lib/update-client.ts'
import { httpsJwks } from '../doubles/https-jwks.ts'
import { now, outcomeOf } from '../support/clients.ts'
import { testServer } from '../support/server.ts'
import { compact, signer, withOtherSignature } from '../support/signer.ts'
import { stored } from '../support/stored.ts'

const directory = signer('directory')
const otherDirectory = signer('other-directory')
const software = signer('software-1')
const untrusted = signer('software-1')

let keystore: Awaited<ReturnType<typeof httpsJwks>>
beforeEach(async () => {
  // The clock only: the connections need their timers.
  vi.useFakeTimers({ toFake: ['Date'], now: now * 1000 })
  keystore = await httpsJwks(software.jwks)
})
afterEach(async () => {
  vi.useRealTimers()
  await keystore.close()
})

type Settings = Omit<SettingsInput, 'softwareStatement'> & {
  readonly softwareStatement?: SettingsInput['softwareStatement']
}

/** A server where software registers itself, by keys for which the directory vouches. */
async function serve(settings: Settings = {}) {
  const issuers = [directory, otherDirectory].map(({ issuer, jwks }) => ({ issuer, jwks }))
  const server = await testServer({
    settings: {
      registration: 'dynamic',
      ...settings,
      softwareStatement: { issuers, ...settings.softwareStatement },
      signedRequest: { issuers: 'software_statement', ...settings.signedRequest },
    },
  })
  return { ...server, trust: trust(server.settings, keystore.read) }
}

const redirect_uris = ['https://tpp.example/callback']
const stated = (claims: object = {}, by = directory) =>
  by.sign({ software_id: 'software-1', software_jwks_endpoint: keystore.uri, ...claims })

/** What the software sends: RFC 7519 claims, client metadata, and its statement. */
const signed = (claims: object = {}, by = software, header: object = {}) =>
  by.sign(
    {
      aud: 'https://as.example',
      jti: randomUUID(),
      redirect_uris,
      software_statement: stated(),
      ...claims,
    },
    header,
  )

/** The request as the Lambda reads it. */
const read = (jwt: string, server: Server, at = now) => {
  const headers = { 'content-type': 'application/jwt' }
  const requestContext = { timeEpoch: at * 1000 }
  return registrationBody({ body: jwt, headers, requestContext } as never, server)
}

const register = async (jwt: string, server: Server, at = now) =>
  registerClient({ bearer: undefined, ...(await read(jwt, server, at)), now: at }, server)

const outcome = (jwt: string, server: Server, at = now) => outcomeOf(register(jwt, server, at))

describe('Open Banking UK DCR 3.3, Consumer Data Right: a request signed by the software itself', () => {
  test.each<[string, object, object]>([
    ['software_jwks_endpoint', {}, {}],
    ['software_jwks_uri', { software_jwks_endpoint: undefined, software_jwks_uri: 'its own' }, {}],
    ['jwks_uri', { software_jwks_endpoint: undefined, jwks_uri: 'its own' }, {}],
    ['jwks', { software_jwks_endpoint: undefined, jwks: software.jwks }, {}],
  ])('registers by the keys that its statement names as %s', async (_, claims) => {
    const server = await serve()
    const own = Object.entries(claims).map(([name, value]) => [
      name,
      value === 'its own' ? keystore.uri : value,
    ])
    const software_statement = stated(Object.fromEntries(own))
    const answer = await register(signed({ software_statement, client_name: 'TPP' }), server)
    expect(answer).toMatchObject({
      client_name: 'TPP',
      redirect_uris,
      software_id: 'software-1',
      software_statement,
    })
    for (const claim of ['iss', 'aud', 'exp', 'iat', 'jti'])
      expect(answer).not.toHaveProperty(claim)
  })

  test("needs no jwks_uri in the client's own metadata", async () => {
    const server = await serve()
    const request = signed({ token_endpoint_auth_method: 'private_key_jwt' })
    expect(await register(request, server)).toMatchObject({
      token_endpoint_auth_method: 'private_key_jwt',
      jwks_uri: keystore.uri,
    })
    const forged = signed({ jwks_uri: 'https://else.example/jwks' })
    expect(await register(forged, server)).toMatchObject({ jwks_uri: keystore.uri })
  })

  test("has as iss the software's identifier, or the one that the directory gave it", async () => {
    const server = await serve()
    const software_statement = stated({ software_client_id: 'client-7', client_id: 'client-8' })
    for (const iss of ['software-1', 'client-7', 'client-8'])
      expect(await outcome(signed({ iss, software_statement }), server)).toBe('ok')
    for (const iss of ['directory', 'software-2', '', undefined, ['software-1']])
      expect(await outcome(signed({ iss, software_statement }), server)).toBe('invalid_request')
  })

  test('takes the keys from the claim that the settings name', async () => {
    const server = await serve({ softwareStatement: { jwksClaims: ['org_jwks_endpoint'] } })
    const named = stated({ org_jwks_endpoint: keystore.uri, jwks: untrusted.jwks })
    expect(await outcome(signed({ software_statement: named }), server)).toBe('ok')
    expect(await outcome(signed(), server)).toBe('invalid_software_statement')
  })

  test("may have as aud the directory's name of this server, where the settings say it", async () => {
    const request = () => signed({ aud: '0015800001HQQrZAAX' })
    expect(await outcome(request(), await serve())).toBe('invalid_request')
    const audience = ['0015800001HQQrZAAX']
    const issuers = 'software_statement'
    const server = await serve({ signedRequest: { issuers, audience } })
    expect(await outcome(request(), server)).toBe('ok')
  })

  test('yields to the statement, which is verified once', async () => {
    const server = await serve()
    let verified = 0
    const softwareStatements: Server['trust']['softwareStatements'] = (jwt, expectations) => {
      verified += 1
      return server.trust.softwareStatements(jwt, expectations)
    }
    const counting = { ...server, trust: { ...server.trust, softwareStatements } }
    const software_statement = stated({ client_name: 'Stated' })
    const request = signed({ software_statement, client_name: 'Mine', 'client_name#en': 'Mine' })
    const answer = await register(request, counting)
    expect(answer).toMatchObject({ client_name: 'Stated' })
    expect(answer).not.toHaveProperty('client_name#en')
    expect(verified).toBe(1)
  })

  test.each<[string, () => string, string]>([
    ['with an unknown key', () => signed({}, untrusted), 'invalid_request'],
    [
      'with the key of the directory',
      () => signed({ iss: 'software-1' }, directory),
      'invalid_request',
    ],
    ['for another server', () => signed({ aud: 'https://else.example' }), 'invalid_request'],
    ['that has expired', () => signed({ exp: now - 31 }), 'invalid_request'],
    ['that was issued too long ago', () => signed({ iat: now - 331 }), 'invalid_request'],
    ['without jti', () => signed({ jti: undefined }), 'invalid_request'],
    ['without exp', () => signed({ exp: undefined }), 'invalid_request'],
    [
      'that is a client assertion',
      () => signed({}, software, { typ: 'client-authentication+jwt' }),
      'invalid_request',
    ],
    [
      'with alg none',
      () => compact({ alg: 'none' }, { software_statement: stated() }),
      'invalid_request',
    ],
    [
      'with a MAC by the public key',
      () => software.mac({ aud: 'https://as.example', software_statement: stated() }),
      'invalid_request',
    ],
    ['that is no JWT', () => 'a.b.c', 'invalid_request'],
    [
      'without statement',
      () => signed({ software_statement: undefined }),
      'invalid_software_statement',
    ],
    [
      'with a statement that is no text',
      () => signed({ software_statement: { a: 1 } }),
      'invalid_software_statement',
    ],
    [
      'with a forged statement',
      () =>
        signed(
          {
            software_statement: signer('directory').sign({
              software_id: 'software-1',
              jwks: untrusted.jwks,
            }),
          },
          untrusted,
        ),
      'invalid_software_statement',
    ],
    [
      'with a statement by the software itself',
      () =>
        signed({
          software_statement: software.sign({ software_id: 'software-1', jwks: software.jwks }),
        }),
      'invalid_software_statement',
    ],
    [
      'with an expired statement',
      () => signed({ software_statement: stated({ exp: now - 30 }) }),
      'invalid_software_statement',
    ],
    [
      'with a statement that names no keys',
      () => signed({ software_statement: stated({ software_jwks_endpoint: undefined }) }),
      'invalid_software_statement',
    ],
    [
      'with a statement whose keys are none',
      () => signed({ software_statement: stated({ jwks: { keys: 7 } }) }),
      'invalid_software_statement',
    ],
    [
      'with a statement whose URL is none',
      () => signed({ software_statement: stated({ jwks_uri: 'keys' }) }),
      'invalid_software_statement',
    ],
    [
      'with a statement that does not name the software',
      () => signed({ software_statement: stated({ software_id: undefined }) }),
      'invalid_request',
    ],
    [
      'with a statement for other software',
      () => signed({ software_statement: stated({ software_id: 'software-2' }) }),
      'invalid_request',
    ],
  ])('%s is rejected, and nothing is stored', async (_, made, code) => {
    const server = await serve()
    expect(await outcome(made(), server)).toBe(code)
    expect([...(await stored(server, 'CLIENT#')), ...(await stored(server, 'JTI#'))]).toEqual([])
  })

  test('is good once for a software, also under another valid signature', async () => {
    const server = await serve()
    const request = signed({ jti: 'one' })
    expect(await outcome(request, server)).toBe('ok')
    expect(await outcome(request, server)).toBe('invalid_request')
    expect(await outcome(withOtherSignature(request), server)).toBe('invalid_request')
    expect(await outcome(signed({ jti: 'one', client_name: 'Other' }), server)).toBe(
      'invalid_request',
    )
    // The same jti of another software, and of the same name in another directory, is another one.
    const second = stated({ software_id: 'software-2' })
    const other = signed({ jti: 'one', iss: 'software-2', software_statement: second })
    expect(await outcome(other, server)).toBe('ok')
    const elsewhere = stated({}, otherDirectory)
    expect(await outcome(signed({ jti: 'one', software_statement: elsewhere }), server)).toBe('ok')
  })

  test('is not the only way: JSON with a statement registers where no signature is required', async () => {
    const server = await serve()
    const body = { redirect_uris, software_statement: stated() }
    expect(await outcomeOf(registerClient({ bearer: undefined, body, now }, server))).toBe('ok')
  })
})

describe('RFC 7592 §2.2 an update signed by the software itself', () => {
  test('replaces the metadata once, by the keys of the statement that it brings', async () => {
    const server = await serve()
    const { client_id, ...first } = await register(signed(), server)
    let bearer = first.registration_access_token
    const update = async (jwt: string) => {
      const body = await read(jwt, server)
      const answer = await updateClient({ bearer, client_id, ...body, now }, server)
      bearer = answer.registration_access_token
      return answer
    }
    const software_statement = stated({ client_name: 'Restated' })
    const request = signed({ client_id, software_statement, client_name: 'Mine' })
    expect(await update(request)).toMatchObject({ client_name: 'Restated', software_statement })
    expect(await outcomeOf(update(request))).toBe('invalid_request')
    expect(await outcomeOf(update(signed({ client_id }, untrusted)))).toBe('invalid_request')
    expect(await outcomeOf(update(signed({ client_id: 'another' })))).toBe(
      'invalid_client_metadata',
    )
    const without = signed({ client_id, software_statement: undefined })
    expect(await outcomeOf(update(without))).toBe('invalid_software_statement')
    expect(await outcomeOf(update(signed({ client_id })))).toBe('ok')
  })
})

describe('RFC 7517 §5 the keys at the URL that a statement names', () => {
  const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000)
  const unreadable = {
    code: 'invalid_software_statement',
    description: expect.stringContaining('the keys that it names cannot be read'),
  }

  test('are read once in five minutes', async () => {
    const server = await serve()
    for (let count = 0; count < 3; count += 1) expect(await outcome(signed(), server)).toBe('ok')
    expect(keystore.paths).toEqual(['/software.jwks'])
    later(299)
    expect(await outcome(signed(), server)).toBe('ok')
    expect(keystore.paths).toHaveLength(1)
    later(1)
    keystore.answer(200, JSON.stringify(untrusted.jwks))
    expect(await outcome(signed(), server)).toBe('invalid_request')
    expect(keystore.paths).toHaveLength(2)
  })

  test.each([
    ['an error', 500, '{}'],
    ['no key set', 200, '{"keys":7}'],
    ['no JSON', 200, '<html>'],
    ['a redirect', 302, '{}'],
  ])('that answer %s reject the request, and rest', async (_, status, body) => {
    const server = await serve()
    keystore.answer(status, body)
    for (let count = 0; count < 5; count += 1)
      await expect(register(signed(), server)).rejects.toMatchObject(unreadable)
    expect(keystore.paths).toHaveLength(1)
    keystore.answer(200, JSON.stringify(software.jwks))
    later(5)
    expect(await outcome(signed(), server)).toBe('ok')
  })

  test('are requested for an unknown key no more often than twice a minute', async () => {
    const server = await serve()
    expect(await outcome(signed(), server)).toBe('ok')
    for (let count = 0; count < 20; count += 1)
      expect(await outcome(signed({}, software, { kid: `k${count}` }), server)).toBe(
        'invalid_request',
      )
    expect(keystore.paths).toHaveLength(1)
  })

  test('are not requested before the statement is verified', async () => {
    const server = await serve()
    const forged = signer('directory').sign({ software_id: 'software-1', jwks_uri: keystore.uri })
    const request = signed({ software_statement: forged })
    expect(await outcome(request, server)).toBe('invalid_software_statement')
    expect(keystore.paths).toEqual([])
  })

  test.each([
    'http://keystore.example/software.jwks',
    'https://127.0.0.1/software.jwks',
    'https://169.254.169.254/latest',
    'https://[::1]/software.jwks',
    'https://user:secret@keystore.example/',
    'https://keystore.example:8443/',
    'file:///etc/passwd',
    'data:application/json,{}',
  ])('are not read from %s, even with a valid statement', async (jwks_uri) => {
    const server = await serve()
    const safe = { ...server, trust: trust(server.settings, createJsonFetcher()) }
    const software_statement = stated({ jwks_uri })
    await expect(register(signed({ software_statement }), safe)).rejects.toMatchObject(unreadable)
  })

  test('are kept for the hundred URLs that were used last', async () => {
    const server = await serve()
    const request = (path: number) =>
      outcome(
        signed({ software_statement: stated({ jwks_uri: `${keystore.uri}/${path}` }) }),
        server,
      )
    for (let path = 0; path <= 100; path += 1) expect(await request(path)).toBe('ok')
    expect(keystore.paths).toHaveLength(101)
    expect(await request(100)).toBe('ok')
    expect(keystore.paths).toHaveLength(101)
    expect(await request(0)).toBe('ok')
    expect(keystore.paths).toHaveLength(102)
  })
})
