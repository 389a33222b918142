import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { parseSettings } from '../../../lib/settings/settings.ts'
import {
  issueClientSecret,
  type PreviousClientSecret,
  type StoredClientSecret,
} from '../../../lib/tokens/client-secret.ts'
import { randomBase64url } from '../../../lib/tokens/token.ts'

const now = Math.floor(Date.now() / 1000)
const folder = mkdtempSync(join(tmpdir(), 'read-page-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The first code block in a language of the page's section on secrets. */
function secretCheck(language: string): string {
  const page = readFileSync(join(import.meta.dirname, '../../../lib/read/README.md'), 'utf8')
  const [, section = ''] = page.split('\n## Check a secret\n')
  const [, code] = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(section) ?? []
  if (code === undefined) throw new Error(`the page has no check in ${language}`)
  return code
}

/** A secret as this service stores it. */
const issue = (lifetime = 0) => {
  const settings = parseSettings({ clientSecret: { storage: 'digest', lifetime } }).clientSecret
  const noKeyRing = () => Promise.reject(new Error('a digest needs no key ring'))
  return issueClientSecret('a', settings, () => randomBase64url(64), noKeyRing, now)
}

type Check = (
  item: Partial<StoredClientSecret & PreviousClientSecret>,
  presented: string,
) => boolean | Promise<boolean>

/** Imports the check as a module of its own. */
async function typescript(): Promise<Check> {
  const file = join(folder, 'check.ts')
  writeFileSync(file, secretCheck('ts'))
  return (await import(file)).verifyClientSecret
}

/** Calls the check in a Python process, with the item as boto3 returns it. */
async function python(): Promise<Check> {
  writeFileSync(join(folder, 'check.py'), secretCheck('python'))
  const program = `
import base64, json, sys
from check import verify_client_secret
item, presented = json.load(sys.stdin)
for name in ("secret_digest", "previous_secret_digest"):
    if name in item: item[name] = base64.b64decode(item[name])
print(json.dumps(verify_client_secret(item, presented)))`
  return (item, presented) => {
    const asJson = Object.entries(item).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
    ])
    const input = JSON.stringify([Object.fromEntries(asJson), presented])
    const options = { cwd: folder, input, encoding: 'utf8' } as const
    const { stdout, stderr, error } = spawnSync('python3', ['-c', program], options)
    if (error !== undefined || stdout === '') throw error ?? new Error(stderr)
    return JSON.parse(stdout)
  }
}

/** CI has Python; a contributor's machine need not. */
const hasPython = process.env.CI !== undefined || spawnSync('python3', ['--version']).status === 0

const checks = [
  ['TypeScript', typescript],
  ...(hasPython ? [['Python', python] as const] : []),
] as const

describe.each(checks)(
  'the check of a secret in %s, as lib/read/README.md shows it',
  (_language, load) => {
    test('accepts the secret that was issued, until it expires', async () => {
      const check = await load()
      const { client_secret, stored } = await issue()
      expect(await check(stored, client_secret)).toBe(true)
      expect(await check({ ...stored, client_secret_expires_at: now + 600 }, client_secret)).toBe(
        true,
      )
    })

    test('accepts the secret before a renewal, until it expires', async () => {
      const check = await load()
      const [before, { stored }] = [await issue(), await issue()]
      const previous_secret_digest = before.stored.secret_digest
      const item = (previous_secret_expires_at: number) => ({
        ...stored,
        previous_secret_digest,
        previous_secret_expires_at,
      })
      expect(await check(item(now + 600), before.client_secret)).toBe(true)
      expect(await check(item(now - 1), before.client_secret)).toBe(false)
      expect(await check(item(now + 600), 'another')).toBe(false)
    })

    test('rejects another secret, an expired one, and any for a client without one', async () => {
      const check = await load()
      const { client_secret, stored } = await issue()
      expect(await check(stored, `${client_secret}x`)).toBe(false)
      expect(await check(stored, '')).toBe(false)
      expect(await check({ ...stored, client_secret_expires_at: now - 1 }, client_secret)).toBe(
        false,
      )
      expect(await check({}, client_secret)).toBe(false)
      const { client_secret_expires_at: _, ...withoutExpiry } = stored
      expect(await check(withoutExpiry, client_secret)).toBe(false)
    })
  },
)
