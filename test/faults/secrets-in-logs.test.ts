import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { type Api, startApi } from '../support/api.ts'
import { signer } from '../support/signer.ts'

const issuer = signer()
const { issuer: name, jwks } = issuer
const redirect_uris = ['https://client.example/callback']
const staticInitialAccessToken = 'a-static-token-that-is-long-enough-0123456789'

/** Drives every endpoint, rightly and wrongly; resolves to all that nobody may find in a log. */
async function drive(api: Api): Promise<readonly string[]> {
  const { masterToken, registrationEndpoint } = api.service
  const secrets: string[] = [masterToken, staticInitialAccessToken]
  const secret = (value: unknown): string => {
    secrets.push(String(value))
    return String(value)
  }
  const now = Math.floor(Date.now() / 1000)
  const times = { iat: now, exp: now + 300 }
  const post = (bearer: string | undefined, body: unknown, headers = {}) =>
    api.call('/register', { method: 'POST', bearer, body, headers })

  const stored = secret(await api.initialAccessToken({ sub: 'alice' }))
  const access = secret(issuer.accessToken(times))
  const untrusted = secret(signer().accessToken(times))
  const statement = secret(signer().sign({ ...times, client_name: 'a-forged-statement' }))
  const about = { ...times, aud: registrationEndpoint, jti: 'a-request' }
  const request = secret(issuer.sign({ ...about, redirect_uris }))
  const jwt = { 'content-type': 'application/jwt' }
  for (const bearer of [stored, stored, access, untrusted, masterToken, staticInitialAccessToken]) {
    const { body } = await post(bearer, { redirect_uris })
    for (const member of ['client_secret', 'registration_access_token'])
      if (body[member] !== undefined) secret(body[member])
  }
  await post(masterToken, { redirect_uris, software_statement: statement })
  await post(masterToken, request, jwt)
  await post(masterToken, `${request}x`, jwt)
  for (const body of [
    '{"body-of-a-request":',
    '["body-of-a-request"]',
    '{"a":"body-of-a-request","a":1}',
  ])
    await post(masterToken, body)
  await post(masterToken, { redirect_uris: ['http://body-of-a-request.example/'] })
  await post(masterToken, {
    redirect_uris,
    'body-of-a-request': 1,
    client_name: { 'body-of-a-request': 1 },
  })
  secrets.push('body-of-a-request')

  const { client_id, token, path, body } = await api.register()
  secret(token)
  secret(body.client_secret)
  const update = (changes: object, bearer: string) =>
    api.call(path, { method: 'PUT', bearer, body: { client_id, redirect_uris, ...changes } })
  const read = await api.call(path, { bearer: token })
  const second = secret(read.body.registration_access_token)
  await update({ client_secret: secret('a-guessed-client-secret-0123456789') }, second)
  const third = secret((await update({}, second)).body.registration_access_token)
  await api.call(path, { bearer: secret(`rat_${'z'.repeat(43)}`) })
  for (const bearer of [`${third} ${third}`, `"${third}"`]) await api.call(path, { bearer })
  await api.call(path, { headers: { authorization: `Basic ${third}`, cookie: third } })
  for (const place of [
    `${path}?access_token=${third}`,
    `/register/${third}`,
    `/register/${stored}`,
    `/clients/${third}`,
  ])
    await api.call(place, { bearer: third })
  await api.call(`/initial-access-tokens/${stored}`, { method: 'DELETE', bearer: masterToken })
  await api.call(`/clients/${client_id}`, {
    method: 'PATCH',
    bearer: masterToken,
    body: { note: secret('a-note-of-the-operator'), label: 'a-label' },
  })
  const checked = { method: 'POST', bearer: masterToken }
  for (const presented of [
    body.client_secret,
    secret('a-wrong-client-secret-0123456789'),
    [secret('a-client-secret-in-a-list-0123456789')],
  ])
    await api.call(`/clients/${client_id}/secret-check`, {
      ...checked,
      body: { client_secret: presented },
    })
  await api.call(`/clients/${client_id}/secret-check`, {
    ...checked,
    body: { [secret('a-client-secret-as-a-name-0123456789')]: 1 },
  })
  await api.call(`/clients?owner=${secret('somebody-by-name')}`, { bearer: masterToken })
  await api.call(`/clients?cursor=${third}`, { bearer: masterToken })
  const reissue = { method: 'POST', bearer: masterToken }
  const { body: reissued } = await api.call(
    `/clients/${client_id}/registration-access-token`,
    reissue,
  )
  const fourth = secret(reissued.registration_access_token)
  await api.call(path, { method: 'DELETE', bearer: fourth })
  await api.call(path, { method: 'DELETE', bearer: fourth })
  return secrets
}

/** A secret, and what of it is stored, as a log could show it. */
function traces(secret: string): readonly string[] {
  const digest = createHash('sha256').update(secret).digest()
  return [
    secret,
    secret.slice(-24),
    digest.toString('hex'),
    digest.toString('base64'),
    digest.toString('base64url'),
  ]
}

test('no log line contains a token, a secret, its digest, or a part of a request', async () => {
  const api = await startApi({
    staticInitialAccessToken,
    settings: {
      initialAccessToken: { static: true },
      registrationAccessToken: { rotateOn: ['read', 'update'] },
      accessTokenIssuers: [{ issuer: name, jwks, audience: ['https://as.example/register'] }],
      softwareStatement: { issuers: [{ issuer: name, jwks }] },
      signedRequest: { issuers: [{ issuer: name, jwks }] },
    },
  })
  const secrets = await drive(api).finally(() => api.service.close())
  const log = api.log.join('\n')
  // Nothing could be found in a log that is empty.
  expect(api.log.length).toBeGreaterThan(20)
  expect(log).toContain('invalid_software_statement')
  const found = secrets.flatMap(traces).filter((trace) => log.includes(trace))
  expect(found).toEqual([])
})
