import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { startApi } from '../support/api.ts'
import { compact } from '../support/signer.ts'
import { faultLines, requestLines } from './line.ts'
import { tracesOf } from './secrets.ts'

/** Secrets as short as they may be: of the alphabets of base64url and base64, and of lower-case letters. */
const secrets = [
  'vT2-pQ7_xW9zKb4LmN8cRf3GhJ6sDy1E',
  'aZ9/bY8+cX7/dW6+eV5/fU4+gT3/hS2=',
  'q8w7e6r5t4z3u2i1o9p8a7s6d5f4g3h2',
  'thequickbrownfoxjumpsoverthelazy',
] as const

const api = await startApi({
  stage: 'operate',
  extensions: join(import.meta.dirname, 'extensions'),
  settings: { log: { level: 'debug' }, metadata: { unknown: 'refuse', documents: 'warn' } },
})
afterAll(() => api.service.close())

const { masterToken } = api.service
const redirect_uris = ['https://client.example/callback']
const operator = { bearer: masterToken }
const register = (body: object, headers = {}) =>
  ['/register', { ...operator, method: 'POST', body, headers }] as const
const issue = (body: object) =>
  ['/initial-access-tokens', { ...operator, method: 'POST', body }] as const
const client = await api.register()

/** Requests with a text in every place that a caller fills, none of which is meant for the log. */
const requests = (text: string) => {
  const inPath = encodeURIComponent(text)
  const named = { [text]: text }
  return [
    register({ redirect_uris, ...named }),
    register({ redirect_uris: [text, `https://${inPath}.example/#${text}`] }),
    register({ redirect_uris, [`client_name#${text}`]: 'x' }),
    register({ redirect_uris, [`${text}#de`]: 'x' }),
    register({ redirect_uris, client_name: { [text]: 1 } }),
    register({ redirect_uris, client_name: text, grant_types: [text], scope: text }),
    register({ redirect_uris, contacts: [text], tos_uri: text, token_endpoint_auth_method: text }),
    register({ redirect_uris, jwks: { keys: [{ kty: text, [text]: text }] } }),
    register({ redirect_uris, software_statement: compact({ alg: text, kid: text }, named, text) }),
    register({ redirect_uris }, { 'content-type': text, 'x-text': text, cookie: text }),
    [`/register?${inPath}=${inPath}`, { method: 'POST', bearer: text, body: { redirect_uris } }],
    [`/register/${inPath}`, { bearer: text }],
    [client.path, { method: 'PUT', bearer: client.token, body: { client_id: text, ...named } }],
    issue(named),
    issue({ access_token: named }),
    issue({ policies: [text] }),
    issue({ audience: [text] }),
    issue({ client_id: text }),
    issue({ consumed: text }),
    [`/initial-access-tokens/${inPath}`, { ...operator, method: 'DELETE' }],
    [`/clients?${inPath}=1`, operator],
    [`/clients?owner=${inPath}&label=${inPath}`, operator],
    [`/clients?cursor=${inPath}&limit=${inPath}`, operator],
    [`/clients/${client.client_id}`, { ...operator, method: 'PATCH', body: named }],
    [`/clients/${client.client_id}`, { ...operator, method: 'PATCH', body: { label: [text] } }],
    [`/clients/${inPath}`, operator],
    [`/${inPath}`, operator],
  ] as const
}

/** All that is in the log of these requests, when the last line and as many faults are there. */
async function written(send: () => Promise<unknown[]>, faults = 0): Promise<string> {
  const before = api.log.length
  const { length } = await send()
  const since = () => api.log.slice(before)
  await vi.waitFor(() => {
    expect(requestLines(since()).length).toBeGreaterThanOrEqual(length)
    expect(faultLines(since())).toHaveLength(faults)
  })
  return since().join('\n')
}

const found = (log: string, text: string) =>
  tracesOf(text).filter((trace) => log.toLowerCase().includes(trace.toLowerCase()))

test.each(secrets)('the log has no text of a caller: %s', async (text) => {
  const log = await written(() =>
    Promise.all(requests(text).map(([path, request]) => api.call(path, request))),
  )
  expect(log).toContain('unknown member of client metadata')
  expect(found(log, text)).toEqual([])
})

test('the log does not repeat a method of another protocol', async () => {
  const log = await written(async () => [await api.call('/register', { method: 'PROPFIND' })])
  expect(requestLines(log.split('\n'))).toMatchObject([{ method: 'other', status: 405 }])
})

test.each(secrets)(
  'the log has no text of a caller that a policy repeats: %s',
  async (client_name) => {
    const governed = async (policy: string) => {
      const bearer = await api.initialAccessToken({ policies: [policy] })
      const body = { redirect_uris, client_name }
      return [bearer, await api.call('/register', { method: 'POST', bearer, body })]
    }
    const log = await written(
      async () => [...(await governed('repeat')), ...(await governed('break-down-over'))],
      1,
    )
    expect(log).toContain('"rejected_by":"repeat"')
    // A word of letters only could be any name of ours: authors of policies must take care of those.
    if (/\d/.test(client_name)) expect(found(log, client_name)).toEqual([])
  },
)

test('the log says that a document cannot be read, without its address', async () => {
  const host = secrets[2]
  const log = await written(
    async () => [
      await api.call(...register({ redirect_uris, jwks_uri: `https://${host}.example/${host}` })),
    ],
    1,
  )
  expect(log).toContain('the document cannot be read')
  expect(found(log, host)).toEqual([])
})
