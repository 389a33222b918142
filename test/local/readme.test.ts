import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../cdk/local/free-port.ts'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'readme-'))

let start: ChildProcess
let port: number
let printed = ''

/** `npm start`, as somebody who follows the README runs it, on a port that is free. */
beforeAll(async () => {
  port = await freePort()
  start = spawn(process.execPath, ['cdk/local/start.ts', '--port', String(port)], { cwd: root })
  start.stdout?.on('data', (chunk) => {
    printed += chunk
  })
  while (!printed.includes('Ctrl-C')) {
    if (start.exitCode !== null) throw new Error(`npm start ended: ${printed}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
})
afterAll(() => {
  start.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

/** The shell lines of the README's section, without those that install and start. */
function lines(section: string): string {
  const text = readFileSync(join(root, 'README.md'), 'utf8')
  const [, part = ''] = text.split(`## ${section}\n`)
  const blocks = [...(part.split('\n## ')[0] ?? '').matchAll(/```sh\n(.*?)```/gs)]
  return blocks
    .map(([, block]) => block)
    .filter((block) => !block?.includes('npm '))
    .join('echo\n')
}

describe('README', () => {
  test('the lines of "Try it" work as pasted', () => {
    const token = /export MASTER_TOKEN='[^']*'/.exec(printed)?.[0]
    const script = `${token}\n${lines('Try it').replaceAll(':3000', `:${port}`)}`
    const { stdout, status } = spawnSync('bash', ['-e', '-c', script], {
      cwd: folder,
      encoding: 'utf8',
    })
    expect(status).toBe(0)
    const answers = stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line))
    const [issued, registered, read, updated, listed] = answers
    expect(issued).toMatchObject({ token_type: 'Bearer', expires_in: 3600 })
    expect(registered).toMatchObject({ client_name: 'My client' })
    expect(read).toMatchObject({
      client_id: registered.client_id,
      client_secret: registered.client_secret,
    })
    expect(updated).toMatchObject({ client_id: registered.client_id, client_name: 'Renamed' })
    expect(listed.initial_access_tokens).toEqual([
      expect.objectContaining({ id: issued.id, uses_left: 0 }),
    ])
    expect(stdout.match(/^HTTP\/1\.1 204/gm)).toHaveLength(2)
    for (const document of answers.slice(-2))
      expect(document.registration_endpoint).toBe(`http://127.0.0.1:${port}/register`)
  })

  test('Ctrl-C ends everything that was started', async () => {
    const [, dynamodb = ''] = /DynamoDB .* at (http:\S+)/.exec(printed) ?? []
    expect((await fetch(dynamodb, { method: 'POST' })).status).toBeGreaterThan(0)
    start.kill('SIGINT')
    const [code] = start.exitCode === null ? await once(start, 'exit') : [start.exitCode]
    expect(code).toBe(0)
    await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow('fetch failed')
    await expect(fetch(dynamodb, { method: 'POST' })).rejects.toThrow('fetch failed')
  })
})
