import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const run = (walk: string) =>
  spawnSync(process.execPath, [join(import.meta.dirname, 'walks', `${walk}.ts`)], {
    encoding: 'utf8',
  })

describe('the walks through the four seed documents', () => {
  test.each(['anvil-connect', 'oidc-provider', 'secureauth', 'connect2id'])(
    '%s goes as expected, and says what it does',
    (walk) => {
      const { status, stdout, stderr } = run(walk)
      expect(stderr).toBe('')
      expect(stdout).toMatch(/The walk went as expected\.\n$/)
      const sent = stdout.match(/^ {2}Authorization: .*/gm) ?? []
      expect(sent.length).toBeGreaterThan(0)
      for (const line of sent) expect(line).toMatch(/^ {2}Authorization: \w+ \S{4}…\S{4}$/)
      expect(status).toBe(0)
    },
  )
})
