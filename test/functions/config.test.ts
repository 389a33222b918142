import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { composeConfig } from '../../functions/config.ts'
import { settingsFile } from '../../functions/environment.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'identity-'))
afterAll(() => rmSync(folder, { recursive: true }))

function allowsInternalHosts(apiUrl: string, settings: SettingsInput = {}): boolean {
  writeFileSync(join(folder, settingsFile), JSON.stringify(settings))
  const environment = { API_URL: apiUrl, LAMBDA_TASK_ROOT: folder }
  return composeConfig(environment).settings.metadata.allowInternalHosts
}

const deployed = 'https://abc.execute-api.eu-central-1.amazonaws.com'

describe('metadata.allowInternalHosts', () => {
  test.each(['http://127.0.0.1:3000', 'http://localhost:3000', 'http://[::1]:3000'])(
    'holds where this service runs on loopback: %s',
    (url) => {
      expect(allowsInternalHosts(url)).toBe(true)
      expect(allowsInternalHosts(deployed, { baseUrl: url })).toBe(true)
    },
  )

  test('is off on a service that is deployed, whatever its issuer', () => {
    expect(allowsInternalHosts(deployed)).toBe(false)
    expect(allowsInternalHosts(deployed, { issuer: 'http://localhost:8080' })).toBe(false)
    const baseUrl = 'https://register.example.com'
    expect(allowsInternalHosts('http://127.0.0.1:3000', { baseUrl })).toBe(false)
  })

  test('is on where the settings say so', () => {
    expect(allowsInternalHosts(deployed, { metadata: { allowInternalHosts: true } })).toBe(true)
  })
})
