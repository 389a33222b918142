import { type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '../../cdk/local/free-port.ts'
import { root } from '../../cdk/local/synthesis.ts'
import { listen } from '../support/loopback.ts'
import type { HydraServer } from './hydra-api.ts'

const goModule = 'github.com/ory/hydra/v2'
const version = process.env.HYDRA_VERSION ?? 'v2.3.0'

const startTimeoutMs = 120_000

/**
 * Starts Ory Hydra on loopback with a database in memory, and a proxy that asks for a bearer token in
 * front of its administration API. Builds it once; needs Go and a C compiler.
 */
export async function startHydra(): Promise<HydraServer> {
  const program = await build()
  const data = mkdtempSync(join(tmpdir(), 'hydra-'))
  const log = createWriteStream(join(data, 'log'))
  const [admin, frontend] = [await freePort(), await freePort()]
  const publicUrl = `http://127.0.0.1:${frontend}`
  const server = spawn(program, ['serve', 'all', '--dev', '--sqa-opt-out'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      DSN: 'memory',
      SECRETS_SYSTEM: 'a-system-secret-of-these-tests-0001',
      URLS_SELF_ISSUER: publicUrl,
      SERVE_ADMIN_HOST: '127.0.0.1',
      SERVE_ADMIN_PORT: String(admin),
      SERVE_PUBLIC_HOST: '127.0.0.1',
      SERVE_PUBLIC_PORT: String(frontend),
    },
  })
  server.stdout.pipe(log)
  server.stderr.pipe(log)
  const exited = once(server, 'exit')
  const proxy = await protect(`http://127.0.0.1:${admin}`)
  async function close() {
    await proxy.close()
    server.kill('SIGKILL')
    await exited
    rmSync(data, { recursive: true, force: true })
  }
  try {
    await ready(publicUrl, () => server.exitCode)
    return { url: proxy.url, secret: proxy.secret, publicUrl, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Builds the program once. Hydra replaces modules by folders, so it can only be built from a module. */
async function build(): Promise<string> {
  const folder = join(root, 'node_modules/.cache/hydra', version)
  const program = join(folder, 'hydra')
  if (existsSync(program)) return program
  await mkdir(folder, { recursive: true })
  const go = (...words: readonly string[]) => run('go', words, { cwd: folder })
  await writeFile(join(folder, 'go.mod'), 'module hydra\n')
  const downloaded = JSON.parse(await go('mod', 'download', '-json', `${goModule}@${version}`))
  const source = (name: string) => join(downloaded.Dir, name)
  const requirements = (await readFile(source('go.mod'), 'utf8'))
    .replace(/^module .*$/m, 'module hydra')
    .replace(/^replace .*=> \.\/.*$/gm, '')
  await writeFile(join(folder, 'go.mod'), `${requirements}\nrequire ${goModule} ${version}\n`)
  // The files of a module are read-only.
  for (const name of ['go.sum', 'main.go'])
    await writeFile(join(folder, name), await readFile(source(name)))
  await run('nice', ['go', 'build', '-mod=mod', '-p', '1', '-tags', 'sqlite', '-o', 'hydra', '.'], {
    cwd: folder,
  })
  return program
}

async function run(command: string, words: readonly string[], options: SpawnOptions) {
  const child = spawn(command, words, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  const closed = once(child, 'close')
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), closed])
  if (child.exitCode !== 0) throw new Error(`${command} ${words.join(' ')}: ${errors}`)
  return output
}

async function ready(url: string, exitCode: () => number | null): Promise<void> {
  const until = Date.now() + startTimeoutMs
  while (Date.now() < until) {
    if (exitCode() !== null) throw new Error('Ory Hydra ended while it started')
    const response = await fetch(`${url}/health/ready`).catch(() => undefined)
    if (response?.ok) return
    await pause(200)
  }
  throw new Error('Ory Hydra did not start in time')
}

/** Hydra leaves the protection of its administration API to others. */
async function protect(target: string) {
  const secret = 'the-token-of-the-administration-api'
  const proxy = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray())
    const { authorization, 'content-type': type = '' } = request.headers
    if (authorization !== `Bearer ${secret}`) return response.writeHead(401).end()
    const { method = 'GET', url = '' } = request
    const init = { method, headers: { 'content-type': type } }
    const answer = await fetch(target + url, body.length > 0 ? { ...init, body } : init)
    const link = answer.headers.get('link')
    response.writeHead(answer.status, {
      'content-type': answer.headers.get('content-type') ?? '',
      ...(link !== null && { link }),
    })
    return response.end(Buffer.from(await answer.arrayBuffer()))
  })
  const { port, close } = await listen(proxy)
  return { url: `http://127.0.0.1:${port}`, secret, close }
}
