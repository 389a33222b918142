import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StageSettingsInput } from '../../cdk/settings/settings.ts'
import { updateClientAdmin } from '../../lib/operator/update-client-admin.ts'
import { registerClient } from '../../lib/register-client.ts'
import { type Api, startApi } from '../support/api.ts'
import { initialAccessToken, now, ordinary, registered } from '../support/clients.ts'
import { type CommandResult, runCommand } from '../support/command.ts'
import { masterToken } from '../support/compose.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { testServer } from '../support/server.ts'
import { signer } from '../support/signer.ts'
import { stored } from '../support/stored.ts'

const folder = mkdtempSync(join(tmpdir(), 'judge-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
function fileOf(value: unknown): string {
  files += 1
  const file = join(folder, `settings-${files}.json`)
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value))
  return file
}

/** Runs the command as an operator does, with DynamoDB at this URL. */
const run = (options: readonly string[], endpoint = embeddedDynamodb) =>
  runCommand(['judge', ...options], { endpoint })

const judge = (
  { TableName }: { readonly TableName: string },
  settings: StageSettingsInput,
  ...more: readonly string[]
) => run(['--table', TableName, '--settings', fileOf(settings), ...more])

const lines = ({ out }: CommandResult): Record<string, unknown>[] =>
  out
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))

describe('client-registration judge', () => {
  test('says of each client whether other settings reject it, change it or leave it', async () => {
    const server = await testServer()
    const same = await registered(server, { ...ordinary, scope: 'openid' })
    const changed = await registered(server, { ...ordinary, scope: 'openid email' })
    const rejected = await registered(server, {
      ...ordinary,
      scope: 'openid',
      id_token_signed_response_alg: 'ES256',
    })
    const settings: StageSettingsInput = {
      metadata: { scopes: ['openid'], idTokenSigningAlgs: ['RS256'] },
    }
    const before = await stored(server, '')
    const text = await judge(server, settings)
    expect(text.code).toBe(1)
    expect(text.out).toContain(`unchanged ${same.client_id}\n`)
    expect(text.out).toContain(
      `changed   ${changed.client_id}\n  scope: "openid email" → "openid"\n`,
    )
    expect(text.out).toMatch(
      new RegExp(
        `rejected {2}${rejected.client_id}\n {2}invalid_client_metadata: id_token_signed_response_alg: `,
      ),
    )
    expect(text.out).toContain('3 clients: 1 unchanged, 1 changed, 1 rejected\n')

    const json = await judge(server, settings, '--json')
    expect(json.code).toBe(1)
    expect(json.err).toBe('3 clients: 1 unchanged, 1 changed, 1 rejected\n')
    const scope = { from: 'openid email', to: 'openid' }
    expect(lines(json)).toHaveLength(3)
    expect(lines(json)).toContainEqual({ client_id: same.client_id, verdict: 'unchanged' })
    expect(lines(json)).toContainEqual({
      client_id: changed.client_id,
      verdict: 'changed',
      changes: { scope },
    })
    expect(await stored(server, '')).toEqual(before)
  })

  test('leaves every client under the settings that it was registered with', async () => {
    const settings = {
      registration: 'dynamic',
      softwareStatement: { issuers: [signer()].map(({ issuer, jwks }) => ({ issuer, jwks })) },
    } satisfies StageSettingsInput
    const server = await testServer({ settings })
    await registered(server)
    await registered(server, { ...ordinary, grant_types: [], redirect_uris: [] })
    await registerClient({ bearer: undefined, body: ordinary, now }, server)
    const locked = await initialAccessToken(server, {
      scope: ['client-reg:grant:authorization_code', 'client-reg:scope:openid'],
    })
    await registerClient({ bearer: locked, body: { ...ordinary }, now }, server)
    const { client_id } = await registered(server)
    const administration = { bearer: masterToken, client_id, now }
    await updateClientAdmin({ ...administration, body: { label: 'Partner' } }, server)
    const { code, out } = await judge(server, settings)
    expect(out).toContain('5 clients: 5 unchanged, 0 changed, 0 rejected\n')
    expect(code).toBe(0)
  })

  test('judges every client once, over several pages', async () => {
    const server = await testServer()
    const ids: string[] = []
    for (let count = 0; count < 230; count += 1) {
      const request = { bearer: masterToken, body: ordinary, now: now + (count % 7) }
      ids.push((await registerClient(request, server)).client_id)
    }
    const result = await judge(server, {}, '--json')
    expect(result.code).toBe(0)
    expect(
      lines(result)
        .map(({ client_id }) => client_id)
        .sort(),
    ).toEqual(ids.sort())
  })

  test('applies the policies of the settings, and those that a client was registered with', async () => {
    const server = await testServer({
      settings: { policySettings: { 'allowed-redirect-hosts': { hosts: ['client.example'] } } },
    })
    const bearer = await initialAccessToken(server, { policies: ['allowed-redirect-hosts'] })
    const { client_id } = await registerClient({ bearer, body: ordinary, now }, server)
    const other = await registered(server)
    const narrower: StageSettingsInput = {
      policySettings: { 'allowed-redirect-hosts': { hosts: ['other.example'] } },
    }
    const named = await judge(server, narrower, '--json')
    expect(named.code).toBe(1)
    expect(lines(named)).toContainEqual({
      client_id,
      verdict: 'rejected',
      error: 'invalid_redirect_uri',
      error_description: 'redirect_uris: expected hosts among other.example',
    })
    expect(lines(named)).toContainEqual({ client_id: other.client_id, verdict: 'unchanged' })
    const all = { ...narrower, policies: ['allowed-redirect-hosts'] }
    expect((await judge(server, all)).out).toContain('0 unchanged, 0 changed, 2 rejected')
    // The settings no longer have the policy that governs the client.
    const without = lines(await judge(server, {}, '--json'))
    expect(without).toContainEqual(expect.objectContaining({ client_id, error: 'server_error' }))
  })

  test('applies the policies of a team, and names one that does not exist', async () => {
    const server = await testServer()
    await registered(server)
    const extensions = mkdtempSync(join(folder, 'extensions-'))
    const policy = "{ renamed: (_, metadata) => { metadata.client_name = 'Named by the team' } }"
    writeFileSync(join(extensions, 'policies.mjs'), `export const policies = ${policy}\n`)
    const settings = { policies: ['renamed'] }
    const { code, out } = await judge(server, settings, '--extensions', extensions)
    expect(out).toContain('client_name: "An ordinary client" → "Named by the team"')
    expect(code).toBe(0)
    const unknown = await judge(server, settings)
    expect(unknown.code).toBe(2)
    expect(unknown.err).toContain('policies: renamed is not one of')
  })

  test('fetches no document unless asked', async () => {
    const server = await testServer()
    const { client_id } = await registered(server, {
      ...ordinary,
      sector_identifier_uri: 'https://sector.invalid/uris.json',
    })
    const settings = { metadata: { documents: 'on' } } as const
    expect((await judge(server, settings)).code).toBe(0)
    const fetched = await judge(server, settings, '--documents', '--json')
    expect(fetched.code).toBe(1)
    expect(lines(fetched)).toEqual([expect.objectContaining({ client_id, verdict: 'rejected' })])
  })

  test('escapes what a client calls itself', async () => {
    const server = await testServer()
    const client_name = 'Näme 名 😀'
    await registered(server, { ...ordinary, client_name })
    const settings: StageSettingsInput = {
      policies: ['forced-members'],
      policySettings: { 'forced-members': { members: { client_name: 'Other' } } },
    }
    const { out } = await judge(server, settings)
    expect(out).toContain('client_name: "N\\u00e4me \\u540d \\ud83d\\ude00" → "Other"')
    const json = await judge(server, settings, '--json')
    expect(json.out).toMatch(/^[\x20-\x7E\n]*$/)
    expect(lines(json)).toMatchObject([{ changes: { client_name: { from: client_name } } }])
  })

  test('takes the settings of a stage of a cdk.json', async () => {
    const server = await testServer()
    await registered(server)
    const dev = { metadata: { grantTypes: ['authorization_code'] } }
    const file = fileOf({ context: { stages: { dev, prod: {} } } })
    const common = ['--table', server.TableName, '--settings', file]
    expect((await run([...common, '--stage', 'prod'])).out).toContain('1 unchanged')
    expect((await run([...common, '--stage', 'dev'])).out).toContain('1 changed')
    for (const stage of ['test', 'constructor']) {
      const unknown = await run([...common, '--stage', stage])
      expect(unknown).toMatchObject({ code: 2, out: '' })
      expect(unknown.err).toContain(`no stage "${stage}"`)
    }
  })

  test.each<[string, unknown, string]>([
    ['an unknown setting', { unknown: 1 }, 'unknown'],
    ['no JSON', '{', 'not JSON'],
    ['a list', [], 'expected an object'],
  ])('exits with 2 where the file has %s', async (_, settings, problem) => {
    const result = await run(['--table', 'any', '--settings', fileOf(settings)])
    expect(result).toMatchObject({ code: 2, out: '' })
    expect(result.err).toContain(problem)
  })

  test('exits with 2 where there is no such file or table', async () => {
    const noFile = await run(['--table', 'any', '--settings', join(folder, 'none.json')])
    expect(noFile).toMatchObject({ code: 2, err: expect.stringContaining('ENOENT') })
    const noTable = await run(['--table', 'no-such-table', '--settings', fileOf({})])
    expect(noTable).toMatchObject({ code: 2, err: expect.stringContaining('no such table') })
  })
})

describe('client-registration judge on the table of npm start', () => {
  let api: Api
  beforeAll(async () => {
    api = await startApi()
  })
  afterAll(() => api.service.close())

  test('judges what was registered there', async () => {
    const { client_id } = await api.register()
    const { tableName, dynamodbEndpoint } = api.service
    const settings = fileOf({ metadata: { tokenEndpointAuthMethods: ['none'] } })
    const result = await run(['--table', tableName, '--settings', settings], dynamodbEndpoint)
    expect(result.code).toBe(1)
    expect(result.out).toContain(`rejected  ${client_id}\n`)
  })
})
