import { cleanUp } from '../../lib/clean-up/clean-up.ts'
import { currentTime } from '../../lib/read/active-client.ts'
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

const anonymous: SettingsInput = { registration: 'dynamic', cleanUp: { mode: 'on' } }

/** What happened before `at`, so many days ago. */
function past(server: PreparingServer, at = now) {
  const daysBefore = (daysAgo: number) => at - daysAgo * day

  async function register(count: number, daysAgo: number, bearer = masterToken) {
    const ids: string[] = []
    for (let index = 0; index < count; index += 1) {
      const request = { bearer, body: ordinary, now: daysBefore(daysAgo) }
      ids.push((await registerClient(request, server)).client_id)
    }
    return ids
  }

  const use = (ids: readonly string[], daysAgo: number) => {
    const used_at = daysBefore(daysAgo)
    const uses = ids.map((client_id) => ({ client_id, used_at }))
    return recordUse(uses, used_at, server)
  }

  /** A night, shortly after a report. */
  async function night(daysAgo: number): Promise<void> {
    await use([], daysAgo)
    const { settings: parsed, cleanUp: store } = server
    await cleanUp(daysBefore(daysAgo), { settings: parsed, store, mayContinue: () => true })
  }

  /** A report about clients that are stale, and as many that never were. */
  async function reportOnSome() {
    const stale = await register(2, 60)
    await night(30)
    const ids = [...stale, ...(await register(2, 20))]
    return { clients: ids.map((client_id) => ({ client_id, used_at: at })) }
  }

  return { register, use, night, reportOnSome }
}

const toTime = (seconds: number) => new Date(seconds * 1000).toISOString()
const nightly: ServiceRequest = { method: 'INVOKE', path: 'clean-up', body: { time: toTime(now) } }

/** The same report, and the next night, make up for what was interrupted. */
const resumed = { settings, success: 200, repeated: 200, resumes: true } as const

export const usesAndCleanUp: readonly Operation[] = [
  {
    name: 'report of use',
    ...resumed,
    async prepare(server) {
      const body = await past(server).reportOnSome()
      return { request: { method: 'POST', path: '/clients/used', bearer: masterToken, body } }
    },
  },
  {
    name: 'report of use, as an event',
    ...resumed,
    async prepare(server) {
      // An event from the future is not believed.
      const at = currentTime()
      const body = { detail: await past(server, at).reportOnSome(), time: toTime(at) }
      return { request: { method: 'INVOKE', path: 'record-use', body } }
    },
  },
  {
    name: 'clean-up: a night that makes clients stale',
    ...resumed,
    async prepare(server) {
      const { register, use } = past(server)
      const [used = '', revived = ''] = await register(4, 60)
      await use([used], 5)
      await use([revived], 1)
      return { request: nightly }
    },
  },
  {
    name: 'clean-up: a night that deletes clients, owner quota',
    ...resumed,
    settings: { ...perOwner, cleanUp: { ...settings.cleanUp, deleteAfter: 99 * day } },
    async prepare(server) {
      const { register, use, night } = past(server)
      const token = { sub: 'alice', consumed: 'never' }
      const bearer = await initialAccessToken(server, token, now - 200 * day)
      const [revived = ''] = await register(3, 200, bearer)
      await night(100)
      await night(1.5)
      await use([revived], 5)
      await use([], 0)
      return { request: nightly }
    },
  },
  {
    name: 'clean-up: a night that covers clients from before',
    ...resumed,
    async prepare(server) {
      const before = { ...server, settings: { ...server.settings, cleanUp: off(server) } }
      await past(before).register(3, 60)
      await past(server).use([], 0)
      return { request: nightly }
    },
  },
  {
    name: 'clean-up: a night that deletes undecided clients',
    ...resumed,
    settings: { ...anonymous, approval: 'disabled_until_approved' },
    async prepare(server) {
      for (let index = 0; index < 2; index += 1)
        await registerClient({ bearer: undefined, body: ordinary, now: now - 30 * day }, server)
      return { request: nightly }
    },
  },
]

const off = ({ settings: { cleanUp: on } }: PreparingServer) => ({ ...on, mode: 'off' as const })
