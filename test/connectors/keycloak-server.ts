import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '../../cdk/local/free-port.ts'
import { root } from '../../cdk/local/synthesis.ts'
import type { Realm } from './realm.ts'

/** The distribution in Maven Central. It runs on Java 17. */
const version = process.env.KEYCLOAK_VERSION ?? '26.7.3'

const startTimeoutMs = 480_000

const bootstrap = { clientId: 'bootstrap', secret: 'a-bootstrap-secret-of-these-tests-01' }
const service = { clientId: 'registration-service', secret: 'a-service-secret-of-these-tests-0001' }

/**
 * Starts Keycloak in development mode on loopback, with a realm whose service account may manage
 * clients, and nothing else. Needs Java and Maven.
 */
export async function startKeycloak(): Promise<Realm> {
  const home = distribution()
  const data = mkdtempSync(join(tmpdir(), 'keycloak-'))
  const port = await freePort()
  const log = createWriteStream(join(data, 'log'))
  const server = spawn(
    join(home, 'bin/kc.sh'),
    ['start-dev', '--db=dev-mem', '--http-host=127.0.0.1', `--http-port=${port}`, '--cache=local'],
    {
      // A group of its own: the shell starts Java, and both are to end.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        KC_BOOTSTRAP_ADMIN_CLIENT_ID: bootstrap.clientId,
        KC_BOOTSTRAP_ADMIN_CLIENT_SECRET: bootstrap.secret,
        JAVA_OPTS_KC_HEAP: '-Xms64m -Xmx768m',
      },
    },
  )
  server.stdout.pipe(log)
  server.stderr.pipe(log)
  const exited = once(server, 'exit')
  async function close() {
    if (server.pid !== undefined && server.exitCode === null) process.kill(-server.pid, 'SIGKILL')
    await exited
    rmSync(data, { recursive: true, force: true })
  }
  try {
    const url = `http://127.0.0.1:${port}`
    await ready(url, () => server.exitCode)
    return { ...(await createRealm(url)), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The folder of the distribution, downloaded and unpacked once. */
function distribution(): string {
  const cache = join(root, 'node_modules/.cache/keycloak')
  const home = join(cache, `keycloak-${version}`)
  if (existsSync(join(home, 'bin/kc.sh'))) return home
  mkdirSync(cache, { recursive: true })
  const artifact = `org.keycloak:keycloak-quarkus-dist:${version}:zip`
  succeed('mvn', [
    '-B',
    '-q',
    'dependency:copy',
    `-Dartifact=${artifact}`,
    `-DoutputDirectory=${cache}`,
  ])
  const zip = join(cache, `keycloak-quarkus-dist-${version}.zip`)
  succeed('jar', ['--extract', `--file=${zip}`], cache)
  succeed('chmod', ['+x', join(home, 'bin/kc.sh')])
  rmSync(zip)
  return home
}

function succeed(command: string, words: readonly string[], cwd?: string): void {
  const { status, stderr, stdout, error } = spawnSync(command, words, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command}: ${error?.message ?? stdout + stderr}`)
}

async function ready(url: string, exitCode: () => number | null): Promise<void> {
  const until = Date.now() + startTimeoutMs
  while (Date.now() < until) {
    if (exitCode() !== null) throw new Error('Keycloak ended while it started')
    const response = await fetch(`${url}/realms/master`).catch(() => undefined)
    if (response?.ok) return
    await pause(500)
  }
  throw new Error('Keycloak did not start in time')
}

/** A realm with a service account that has the one role `manage-clients`. */
async function createRealm(url: string): Promise<Omit<Realm, 'close'>> {
  const admin = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${url}/admin/realms${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await bootstrapToken(url)}`,
        'content-type': 'application/json',
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    if (response.status === 404) return undefined
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`)
    const text = await response.text()
    return text === '' ? undefined : JSON.parse(text)
  }
  const find = async (clientId: string) => {
    const [client] = (await admin('GET', `/test/clients?clientId=${clientId}`)) as { id: string }[]
    return client?.id ?? ''
  }
  await admin('POST', '', { realm: 'test', enabled: true })
  await admin('POST', '/test/clients', {
    ...service,
    serviceAccountsEnabled: true,
    standardFlowEnabled: false,
  })
  const account = await admin(
    'GET',
    `/test/clients/${await find(service.clientId)}/service-account-user`,
  )
  const { id: userId } = account as { id: string }
  const management = await find('realm-management')
  const role = await admin('GET', `/test/clients/${management}/roles/manage-clients`)
  await admin('POST', `/test/users/${userId}/role-mappings/clients/${management}`, [role] as object)
  return {
    url,
    realm: 'test',
    ...service,
    async createByHand(client) {
      await admin('POST', '/test/clients', client)
      return find((client as { clientId: string }).clientId)
    },
    async changeByHand(id, changes) {
      const client = (await admin('GET', `/test/clients/${id}`)) as { attributes: object }
      const { attributes = {} } = changes as { attributes?: object }
      const merged = { ...client.attributes, ...attributes }
      await admin('PUT', `/test/clients/${id}`, { ...client, ...changes, attributes: merged })
    },
    async get(id) {
      return (await admin('GET', `/test/clients/${id}`)) as Readonly<Record<string, unknown>>
    },
  }
}

async function bootstrapToken(url: string): Promise<string> {
  const response = await fetch(`${url}/realms/master/protocol/openid-connect/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: bootstrap.clientId,
      client_secret: bootstrap.secret,
    }),
  })
  const { access_token } = (await response.json()) as { access_token: string }
  return access_token
}
