import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, startApi } from '../support/api.ts'

const page = readFileSync(join(import.meta.dirname, '../../functions/README.md'), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'register-page-'))

let api: Api
let mcp: Api
beforeAll(async () => {
  api = await startApi()
  mcp = await startApi({ settings: { profile: 'mcp' } })
})
afterAll(async () => {
  await Promise.all([api.service.close(), mcp.service.close()])
  rmSync(folder, { recursive: true })
})

/** The code blocks of a section; undefined names what precedes the first one. */
function blocks(language: string, section?: string): readonly string[] {
  const start = section === undefined ? page : page.split(`\n## ${section}\n`)[1]
  const [part = ''] = (start ?? '').split('\n## ')
  return [...part.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(
    ([, code = '']) => code,
  )
}

/** Runs shell lines after those that find the endpoint. */
async function run(lines: string, { service }: Api, env: Record<string, string> = {}) {
  const port = new URL(service.url).port
  const script = [...blocks('sh'), lines].join('\n').replaceAll(':3000', `:${port}`)
  const options = { cwd: folder, env: { ...process.env, ...env } }
  const { stdout } = await promisify(execFile)('bash', ['-e', '-c', script], options)
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

/** An answer as the page shows it: an ellipsis stands for what is generated. */
function shown(json: string, { service }: Api): Record<string, unknown> {
  const answer: Record<string, unknown> = JSON.parse(
    json.replaceAll('http://127.0.0.1:3000', service.url),
  )
  const generated = ([name, value]: [string, unknown]) => {
    if (name === 'client_id_issued_at') return [name, expect.any(Number)]
    if (typeof value !== 'string' || !value.includes('…')) return [name, value]
    return [name, expect.stringMatching(new RegExp(`^${value.replace('…', '[\\w-]{20,}')}$`))]
  }
  return Object.fromEntries(Object.entries(answer).map(generated))
}

describe('functions/README.md', () => {
  test('issues the initial access token that its lines need', async () => {
    const [lines = ''] = blocks('sh', 'Initial access token')
    const MASTER_TOKEN = api.service.masterToken
    const printed = await run(`${lines}\nprintf '["%s","%s"]' $IAT $IAT_ID`, api, { MASTER_TOKEN })
    const [issued, [token, id]] = printed as [Record<string, unknown>, string[]]
    expect(issued).toMatchObject({ access_token: token, id })
  })

  test.each(['MCP client', 'Mobile app', 'Backend service', 'Try it first'])(
    'the requests of "%s" work as pasted and are answered as shown',
    async (section) => {
      const server = section === 'MCP client' ? mcp : api
      const requests = blocks('sh', section)
      const answers = blocks('json', section)
      expect(requests).not.toHaveLength(0)
      expect(answers).toHaveLength(requests.length)
      for (const [index, request] of requests.entries()) {
        const IAT = server === mcp ? '' : await server.initialAccessToken()
        const [answer] = await run(request, server, { IAT })
        expect(answer).toEqual(shown(answers[index] ?? '', server))
      }
    },
  )

  test('the lines of a request that can be repeated get the same response twice', async () => {
    const [lines = ''] = blocks('sh', 'A request that can be repeated')
    const [, ...request] = lines.split('\n')
    const IAT = await api.initialAccessToken()
    const [first, second] = await run([lines, ...request].join('\n'), api, { IAT })
    expect(first).toMatchObject({
      client_id: expect.any(String),
      client_secret: expect.any(String),
    })
    expect(second).toEqual(first)
  })

  test('the lines for a lost answer lead to the whole registration, secret included', async () => {
    const { body: issued } = await api.call('/initial-access-tokens', {
      method: 'POST',
      bearer: api.service.masterToken,
    })
    const body = { redirect_uris: ['https://client.example/callback'] }
    const request = { method: 'POST', bearer: String(issued.access_token), body }
    const { body: lost } = await api.call(api.service.registrationEndpoint, request)
    const repeated = await api.call(api.service.registrationEndpoint, request)
    expect(repeated.status).toBe(401)
    const env = { IAT_ID: String(issued.id), MASTER_TOKEN: api.service.masterToken }
    const lines = blocks('sh', 'When a response is lost').join('\n')
    const [found, token, recovered] = await run(lines, api, env)
    expect(found.clients).toEqual([expect.objectContaining({ client_id: lost.client_id })])
    expect(recovered).toEqual({
      ...lost,
      registration_access_token: token.registration_access_token,
    })
  })

  test('a lost answer to an update or a deletion is recognized by 401', async () => {
    const { path, token, body } = await api.register()
    const { client_id, redirect_uris } = body
    const update = { method: 'PUT', bearer: token, body: { client_id, redirect_uris } }
    const { body: updated } = await api.call(path, update)
    expect(await api.call(path, update)).toMatchObject({ status: 401 })
    const removal = { method: 'DELETE', bearer: String(updated.registration_access_token) }
    expect(await api.call(path, removal)).toMatchObject({ status: 204 })
    expect(await api.call(path, removal)).toMatchObject({ status: 401 })
  })
})
