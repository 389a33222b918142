import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'preflight-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A checkout with a TypeScript file, before `npm ci`. */
let checkout: string
beforeEach(() => {
  checkout = mkdtempSync(join(folder, 'checkout '))
  cpSync(join(root, 'cdk/local/preflight.js'), join(checkout, 'cdk/local/preflight.js'))
  writeFileSync(join(checkout, 'package.json'), '{"type":"module"}')
  writeFileSync(join(checkout, 'main.ts'), "const word: string = 'ran'\nconsole.log(word)\n")
})
const install = () => mkdirSync(join(checkout, 'node_modules/aws-cdk-lib'), { recursive: true })

function run(...options: string[]) {
  const args = [...options, '--import', './cdk/local/preflight.js', 'main.ts']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: checkout,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

describe('a command of package.json', () => {
  test('says before npm ci that it comes first', () => {
    const stderr = 'The packages are not installed: run `npm ci` first.\n'
    expect(run()).toEqual({ status: 1, stdout: '', stderr })
  })

  test('says which Node is needed where this one reads no TypeScript', () => {
    install()
    const { status, stderr } = run('--no-strip-types')
    expect(status).toBe(1)
    expect(stderr).toMatch(/^Node 24 is needed, and this is v[\d.]+: install it, .*\n$/)
  })

  test('runs where everything is there', () => {
    install()
    expect(run()).toEqual({ status: 0, stdout: 'ran\n', stderr: '' })
  })

  test('has these checks before each TypeScript file that it runs', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const files = Object.values<string>(scripts).flatMap(
      (script) => script.match(/\S+ \S+\.ts/g) ?? [],
    )
    const started = files.filter((words) => !words.includes('vitest.config.ts'))
    expect(started.length).toBeGreaterThan(3)
    for (const words of started) expect(words).toMatch(/^\.\/cdk\/local\/preflight\.js /)
  })
})
