import type { Answer, Call } from './api.ts'
import { expected } from './report.ts'

const metadata = { client_name: 'Deployed', redirect_uris: ['https://client.example/callback'] }

/** A registered client, as its developer holds it. */
export type Registered = {
  readonly client_id: string
  readonly path: string
  readonly token: string
  readonly secret: unknown
}

export const registered = ({ body }: Answer): Registered => ({
  client_id: String(body.client_id),
  path: new URL(String(body.registration_client_uri)).pathname,
  token: String(body.registration_access_token),
  secret: body.client_secret,
})

/** A fresh initial access token. */
export async function issue(call: Call, masterToken: string): Promise<string> {
  const answer = await call('POST', '/initial-access-tokens', masterToken, { sub: 'developer-01' })
  if (answer.status !== 200) throw new Error(`no token: ${JSON.stringify(answer)}`)
  return String(answer.body.access_token)
}

/** A fresh client, registered by a fresh token. */
export async function register(call: Call, masterToken: string): Promise<Registered> {
  const answer = await call('POST', '/register', await issue(call, masterToken), metadata)
  if (answer.status !== 201) throw new Error(`no client: ${JSON.stringify(answer)}`)
  return registered(answer)
}

/** The whole life of a client and of a token, through the deployed API; resolves to the client's identifier. */
export async function walk(call: Call, masterToken: string): Promise<string> {
  const status = async (what: string, answer: Promise<Answer>, wanted: number) => {
    const { status, body, headers } = await answer
    expected(`${what}: ${wanted}`, [status, status === wanted ? '' : body], [wanted, ''])
    return { status, body, headers }
  }

  const tokens = '/initial-access-tokens'
  await status('issue, without a token', call('POST', tokens, undefined, {}), 401)
  const issued = await status('issue', call('POST', tokens, masterToken, { sub: 'developer' }), 200)
  const bearer = String(issued.body.access_token)

  const rejected = await status(
    'register, without a token',
    call('POST', '/register', undefined, metadata),
    401,
  )
  expected(
    'the challenge keeps its name (RFC 6750 §3)',
    String(rejected.headers['www-authenticate']).split(' ')[0],
    'Bearer',
  )
  const created = await status('register', call('POST', '/register', bearer, metadata), 201)
  const { client_id, path, token } = registered(created)
  await status('register, a second time', call('POST', '/register', bearer, metadata), 401)

  const read = await status('read', call('GET', path, token), 200)
  const next = registered(read)
  expected('read: the secret is the one that was issued', next.secret, created.body.client_secret)
  expected('read: the token stays', next.token, token)

  const replaced = { ...metadata, client_id, client_name: 'Renamed' }
  const updated = await status('update', call('PUT', path, next.token, replaced), 200)
  expected('update: the name is the new one', updated.body.client_name, 'Renamed')
  await status('read, by the token before', call('GET', path, next.token), 401)

  const shown = await status(
    'the operator reads it',
    call('GET', `/clients/${client_id}`, masterToken),
    200,
  )
  expected('the operator sees no secret', 'client_secret' in shown.body, false)
  await status('the operator lists clients', call('GET', '/clients', masterToken), 200)
  await status(
    'the operator disables it',
    call('PATCH', `/clients/${client_id}`, masterToken, { disabled: true }),
    200,
  )
  const last = registered(updated)
  await status('read, disabled', call('GET', path, last.token), 401)
  await status(
    'the operator enables it',
    call('PATCH', `/clients/${client_id}`, masterToken, { disabled: false }),
    200,
  )
  await status('delete', call('DELETE', path, last.token), 204)
  await status('read, deleted', call('GET', path, last.token), 401)

  await status('list tokens', call('GET', tokens, masterToken), 200)
  const spare = await status('issue another', call('POST', tokens, masterToken, {}), 200)
  await status('revoke it', call('DELETE', `${tokens}/${spare.body.id}`, masterToken), 204)

  for (const name of ['openid-configuration', 'oauth-authorization-server']) {
    const found = await status(`discover ${name}`, call('GET', `/.well-known/${name}`), 200)
    expected(
      'discovery: where clients register',
      new URL(String(found.body.registration_endpoint)).pathname,
      '/register',
    )
  }
  await status('an unknown path', call('GET', '/elsewhere'), 404)
  await status('a wrong method', call('PUT', '/register', bearer, metadata), 405)
  return client_id
}
