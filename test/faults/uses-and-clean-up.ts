import { cleanUp } from '../../lib/clean-up/clean-up.ts'
import { recordUse } from '../../lib/record-use.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { initialAccessToken, now, ordinary } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import type { ServiceRequest } from './instance.ts'
import type { Operation, PreparingServer } from './operation.ts'

const day = 86_400
const settings: SettingsInput = {
  cleanUp: { mode: 'on', registeredBy: ['operator', 'initial_access_token'] },
}
const perOwner: SettingsInput = {
  ...settings,
  policies: ['maximum-clients-per-owner'],
  policySettings: { 'maximum-clients-per-owner': { max: 5 } },
}

/** Registers clients so many days ago. */
async function register(
  server: PreparingServer,
  count: number,
  daysAgo: number,
  bearer = masterToken,
) {
  const ids: string[] = []
  for (let index = 0; index < count; index += 1) {
    const request = { bearer, body: ordinary, now: now - daysAgo * day }
    ids.push((await registerClient(request, server)).client_id)
  }
  return ids
}

const use = (server: PreparingServer, ids: readonly string[], daysAgo: number) => {
  const at = now - daysAgo * day
  return recordUse(
    ids.map((client_id) => ({ client_id, used_at: at })),
    at,
    server,
  )
}

/** A night so many days ago, shortly after a report. */
async function night(server: PreparingServer, daysAgo: number): Promise<void> {
  await use(server, [], daysAgo)
  const { settings: parsed, cleanUp: store } = server
  await cleanUp(now - daysAgo * day, { settings: parsed, store, mayContinue: () => true })
}

/** Clients that are stale, and as many that never were. */
async function someStale(server: PreparingServer): Promise<readonly string[]> {
  const stale = await register(server, 2, 60)
  await night(server, 30)
  return [...stale, ...(await register(server, 2, 20))]
}

const reportOf = (ids: readonly string[]) => ({
  clients: ids.map((client_id) => ({ client_id, used_at: now })),
})

const time = new Date(now * 1000).toISOString()
const nightly: ServiceRequest = { method: 'INVOKE', path: 'clean-up', body: { time } }

/** The same report, and the next night, make up for what was interrupted. */
const resumed = { settings, success: 200, repeated: 200, resumes: true } as const

export const usesAndCleanUp: readonly Operation[] = [
  {
    name: 'report of use',
    ...resumed,
    async prepare(server) {
      const body = reportOf(await someStale(server))
      return { request: { method: 'POST', path: '/clients/used', bearer: masterToken, body } }
    },
  },
  {
    name: 'report of use, as an event',
    ...resumed,
    async prepare(server) {
      const body = { detail: reportOf(await someStale(server)), time }
      return { request: { method: 'INVOKE', path: 'record-use', body } }
    },
  },
  {
    name: 'clean-up: a night that makes clients stale',
    ...resumed,
    async prepare(server) {
      const [used = '', revived = ''] = await register(server, 4, 60)
      await use(server, [used], 5)
      await use(server, [revived], 1)
      return { request: nightly }
    },
  },
  {
    name: 'clean-up: a night that deletes clients, owner quota',
    ...resumed,
    settings: { ...perOwner, cleanUp: { ...settings.cleanUp, deleteAfter: 99 * day } },
    async prepare(server) {
      const token = { sub: 'alice', consumed: 'never' }
      const bearer = await initialAccessToken(server, token, now - 200 * day)
      const [revived = ''] = await register(server, 3, 200, bearer)
      await night(server, 100)
      await night(server, 1.5)
      await use(server, [revived], 5)
      await use(server, [], 0)
      return { request: nightly }
    },
  },
  {
    name: 'clean-up: a night that covers clients from before',
    ...resumed,
    async prepare(server) {
      const before = { ...server, settings: { ...server.settings, cleanUp: off(server) } }
      await register(before, 3, 60)
      await use(server, [], 0)
      return { request: nightly }
    },
  },
]

const off = ({ settings: { cleanUp: on } }: PreparingServer) => ({ ...on, mode: 'off' as const })
