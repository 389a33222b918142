import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { type Environment, settingsFile } from '../../functions/environment.ts'

const folder = mkdtempSync(join(tmpdir(), 'environment-'))
writeFileSync(join(folder, settingsFile), JSON.stringify({ initialAccessToken: { static: true } }))
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => vi.unstubAllEnvs())

const url = 'API_URL'
const table = 'TABLE_NAME'
const keyRing = 'KEY_RING_SECRET'
const clientSecretRing = 'CLIENT_SECRET_KEY_RING_SECRET'
const master = 'MASTER_TOKEN_SECRET'
const fixed = 'STATIC_INITIAL_ACCESS_TOKEN_SECRET'

const needs: readonly (readonly [string, readonly (keyof Environment)[]])[] = [
  ['register-client', [url, table, keyRing, clientSecretRing, master, fixed]],
  ['client-configuration', [url, table, keyRing, clientSecretRing]],
  ['initial-access-tokens', [url, table, master]],
  ['clients', [url, table, keyRing, master]],
]

describe('a Lambda whose environment is incomplete', () => {
  test.each(
    needs.flatMap(([lambda, variables]) => variables.map((missing) => [lambda, missing] as const)),
  )('does not start: %s without %s', async (lambda, missing) => {
    vi.resetModules()
    vi.stubEnv('LAMBDA_TASK_ROOT', folder)
    for (const name of [url, table, keyRing, clientSecretRing, master, fixed])
      vi.stubEnv(name, name === missing ? undefined : 'https://set.example')
    await expect(import(`../../functions/${lambda}.ts`)).rejects.toThrow(
      `environment variable ${missing} is not set`,
    )
  })
})
