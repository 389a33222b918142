import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type Api, startApi } from '../support/api.ts'
import { listen } from '../support/loopback.ts'
import { jobsOf, redirecting } from './jobs.ts'

let api: Api
const jobs = jobsOf(() => api)
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.service.close())

type Options = {
  readonly url?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly onStart?: (child: ChildProcess) => void
}

/** Runs `client-registration disable-clients`. */
async function run(words: readonly string[], options: Options = {}) {
  const { masterToken: MASTER_TOKEN, url } = api.service
  const { environment = { MASTER_TOKEN }, onStart } = options
  const command = ['cdk/commands/client-registration.ts', 'disable-clients']
  const child = spawn(
    process.execPath,
    [...command, ...words.map((word) => (word === 'URL' ? (options.url ?? url) : word))],
    { env: { PATH: process.env.PATH, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  onStart?.(child)
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code, ids: output.split('\n').filter(Boolean).sort(), errors }
}

const jobIn = (errors: string) => /^job (\w+)$/m.exec(errors)?.[1] ?? ''

/** Forwards requests to the service, and calls this before each of them. */
async function forwarding(onRequest: (number: number) => 'forward' | 'refuse') {
  let requests = 0
  const front = createServer(async (request, response) => {
    requests += 1
    if (onRequest(requests) === 'refuse') {
      response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1' })
      return response.end('{"error_description":"later"}')
    }
    const { authorization = '' } = request.headers
    const answer = await fetch(new URL(String(request.url), api.service.url), {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      // Small slices: what the command does is to continue.
      body: JSON.stringify({ ...JSON.parse(await text(request)), limit: 2 }),
    })
    response.writeHead(answer.status, { 'content-type': 'application/json' })
    return response.end(await answer.text())
  })
  const { port, close } = await listen(front)
  onTestFinished(close)
  return `http://127.0.0.1:${port}`
}

const registerMany = (host: string, count: number) =>
  Promise.all(
    Array.from({ length: count }, () => jobs.register(redirecting(`https://${host}/cb`))),
  ).then((ids) => ids.sort())

describe('client-registration disable-clients', () => {
  test('lists with --dry-run, disables, and undoes what a job disabled', async () => {
    const ids = await registerMany('cli.example', 3)
    const filter = ['--url', 'URL', '--redirect-host', 'cli.example']
    const dry = await run([...filter, '--dry-run'])
    expect([dry.code, dry.ids]).toEqual([0, ids])
    expect(dry.errors).toContain('3 would be disabled')
    expect(await jobs.disabled()).toEqual([])

    const done = await run([...filter, '--note', 'phishing'])
    expect([done.code, done.ids]).toEqual([0, ids])
    expect(done.errors).toMatch(/^done: .* 3 match, 0 of them disabled before, 3 disabled$/m)
    expect(await jobs.disabled()).toEqual(ids)
    const id = jobIn(done.errors)
    expect(await jobs.get(id)).toMatchObject({ note: 'phishing', operator: 'master token' })
    expect(done.errors).toContain(`--undo ${id}`)

    const undone = await run(['--url', 'URL', '--undo', id])
    expect([undone.code, undone.ids]).toEqual([0, ids])
    expect(undone.errors).toMatch(/^undone: 3 of 3 clients enabled, 0 left alone$/m)
    expect(await jobs.disabled()).toEqual([])
  })

  test('continues slice by slice, also while the service is unavailable for a moment', async () => {
    const ids = await registerMany('slices.example', 5)
    const url = await forwarding((number) => (number === 2 ? 'refuse' : 'forward'))
    const filter = ['--url', 'URL', '--redirect-host', 'slices.example']
    const { code, ids: seen, errors } = await run(filter, { url })
    expect([code, seen]).toEqual([0, ids])
    expect(errors.match(/^running: /gm)?.length).toBeGreaterThan(1)
  })

  test('is interrupted by Ctrl-C, and resumed by the command that it prints', async () => {
    const ids = await registerMany('interrupted.example', 6)
    let child: ChildProcess | undefined
    const url = await forwarding((number) => {
      if (number === 2) child?.kill('SIGINT')
      return 'forward'
    })
    const interrupted = await run(['--url', 'URL', '--redirect-host', 'interrupted.example'], {
      url,
      onStart: (started) => {
        child = started
      },
    })
    expect(interrupted.code).toBe(130)
    const id = jobIn(interrupted.errors)
    expect(interrupted.errors).toContain(`run it with: --url ${url} --resume ${id}`)
    const soFar = await jobs.disabled()
    expect(interrupted.ids.every((client_id) => soFar.includes(client_id))).toBe(true)
    expect(interrupted.ids.length).toBeLessThan(6)

    const resumed = await run(['--url', 'URL', '--resume', id])
    expect(resumed.code).toBe(0)
    expect([...interrupted.ids, ...resumed.ids].sort()).toEqual(ids)
    const { job } = await jobs.finish(await jobs.get(id))
    expect(job).toMatchObject({ state: 'done', disabled: 6 })
  })

  test('cancels a job', async () => {
    await registerMany('cancelled.example', 3)
    const { id } = await jobs.create({ redirect_host: 'cancelled.example', limit: 1 })
    const { code, errors } = await run(['--url', 'URL', '--cancel', id])
    expect([code, errors]).toEqual([0, expect.stringMatching(/^cancelled: /m)])
    expect(await jobs.get(id)).toMatchObject({ state: 'cancelled' })
  })

  test.each([
    [['--url', 'URL'], 'give exactly one of --redirect-host'],
    [['--url', 'URL', '--owner', 'a', '--undo', 'b'], 'give exactly one of --redirect-host'],
    [['--url', 'URL', '--software-id', 'a', '--iss', 'b'], '--iss goes with --owner'],
    [['--url', 'URL', '--undo', 'a', '--dry-run'], '--note and --dry-run go with a new job'],
    [['--url', 'here', '--owner', 'a'], '--url: expected a URL'],
    [['--owner', 'a'], "required option '--url <url>'"],
    [
      ['--url', 'URL', '--redirect-host', 'https://a.example'],
      '400: redirect_host: expected a host',
    ],
    [['--url', 'URL', '--undo', 'unknown'], '404: no such job'],
  ])('rejects %j', async (words, expected) => {
    const { code, errors } = await run(words)
    expect([code, errors]).toEqual([1, expect.stringContaining(expected)])
  })

  test.each([
    [{}, 'no token: set MASTER_TOKEN'],
    [{ MASTER_TOKEN: '' }, 'no token: set MASTER_TOKEN'],
    [{ MASTER_TOKEN: 'a-wrong-token' }, '401: the token is not an operator token'],
  ])(
    'with the environment %j ends with an error that does not show the token',
    async (environment, expected) => {
      const { code, errors } = await run(['--url', 'URL', '--owner', 'alice'], { environment })
      expect([code, errors]).toEqual([1, expect.stringContaining(expected)])
      expect(errors).not.toContain('a-wrong-token')
    },
  )

  test('describes itself', async () => {
    const child = spawn(process.execPath, [
      'cdk/commands/client-registration.ts',
      'disable-clients',
      '--help',
    ])
    const help = await text(child.stdout)
    for (const option of ['--redirect-host', '--resume', '--undo', '--cancel', '--dry-run'])
      expect(help).toContain(option)
    expect(help).toContain('MASTER_TOKEN')
  })
})
