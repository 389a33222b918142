import { deleteClient } from '../../lib/delete-client.ts'
import { issueInitialAccessToken } from '../../lib/issue-initial-access-token.ts'
import { readClient } from '../../lib/read-client.ts'
import { registerClient } from '../../lib/register-client.ts'
import { revokeInitialAccessToken } from '../../lib/revoke-initial-access-token.ts'
import type { Server } from '../../lib/server.ts'
import { serverMetadata } from '../../lib/server-metadata.ts'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { initialAccessTokenId } from '../../lib/tokens/initial-access-token.ts'
import { updateClient } from '../../lib/update-client.ts'
import { initialAccessToken, now, ordinary, outcomeOf, registered } from '../support/clients.ts'
import { masterToken, staticInitialAccessToken } from '../support/compose.ts'

/** One operation with what it may cost (DESIGN §3): prepare makes the work that is measured. */
export type Budget = {
  readonly operation: string
  readonly settings?: SettingsInput
  readonly roundTrips: number
  readonly writeUnits: number
  readonly prepare: (server: Server) => Promise<() => Promise<unknown>>
}

const register = (server: Server, bearer: string | undefined, body: object = ordinary) =>
  registerClient({ bearer, body: { ...body }, now }, server)

const strict = { registrationAccessToken: { rotateOn: [] } } satisfies SettingsInput
const windowed = { registrationAccessToken: { reuseWindow: 30 } } satisfies SettingsInput

const byToken = (body: object) => async (server: Server) => {
  const bearer = await initialAccessToken(server, { ...body })
  return () => register(server, bearer)
}

const refused = (request: (server: Server) => Promise<unknown>) => async (server: Server) => () =>
  outcomeOf(request(server))

/** Every operation that exists, with DESIGN §3's figures. */
export const budgets: readonly Budget[] = [
  {
    operation: 'register, anonymous',
    settings: { registration: 'dynamic' },
    roundTrips: 1,
    writeUnits: 1,
    prepare: async (server) => () => register(server, undefined),
  },
  {
    operation: 'register, master token',
    roundTrips: 1,
    writeUnits: 1,
    prepare: async (server) => () => register(server, masterToken),
  },
  {
    operation: 'register, static initial access token',
    roundTrips: 1,
    writeUnits: 1,
    prepare: async (server) => () => register(server, staticInitialAccessToken),
  },
  {
    operation: 'register, token on_attempt',
    roundTrips: 2,
    writeUnits: 2,
    prepare: byToken({ consumed: 'on_attempt' }),
  },
  {
    operation: 'register, token never',
    roundTrips: 2,
    writeUnits: 1,
    prepare: byToken({ consumed: 'never' }),
  },
  {
    operation: 'register, token on_success',
    roundTrips: 2,
    writeUnits: 4,
    prepare: byToken({ consumed: 'on_success' }),
  },
  {
    operation: 'register, token on_attempt, several uses',
    roundTrips: 2,
    writeUnits: 3,
    prepare: byToken({ consumed: 'on_attempt', max_uses: 500 }),
  },
  {
    operation: 'read, with rotation',
    roundTrips: 1,
    writeUnits: 1,
    async prepare(server) {
      const { client_id, token } = await registered(server)
      return () => readClient({ bearer: token, client_id, now }, server)
    },
  },
  {
    operation: 'read, without rotation',
    settings: strict,
    roundTrips: 1,
    writeUnits: 0,
    async prepare(server) {
      const { client_id, token } = await registered(server)
      return () => readClient({ bearer: token, client_id, now }, server)
    },
  },
  {
    operation: 'read, predecessor inside the window',
    settings: windowed,
    roundTrips: 1,
    writeUnits: 1,
    async prepare(server) {
      const { client_id, token } = await registered(server)
      await readClient({ bearer: token, client_id, now }, server)
      return () => readClient({ bearer: token, client_id, now }, server)
    },
  },
  {
    operation: 'update',
    roundTrips: 2,
    writeUnits: 1,
    async prepare(server) {
      const { client_id, token } = await registered(server)
      const body = { ...ordinary, client_id, client_name: 'Renamed' }
      return () => updateClient({ bearer: token, client_id, body, now }, server)
    },
  },
  {
    operation: 'delete',
    roundTrips: 1,
    writeUnits: 1,
    async prepare(server) {
      const { client_id, token } = await registered(server)
      return () => deleteClient({ bearer: token, client_id, now }, server)
    },
  },
  {
    operation: 'issue an initial access token',
    roundTrips: 1,
    writeUnits: 1,
    prepare: async (server) => () => initialAccessToken(server),
  },
  {
    operation: 'issue one with a client_id to check',
    roundTrips: 2,
    writeUnits: 1,
    async prepare(server) {
      const { client_id } = await registered(server)
      const request = { bearer: masterToken, body: { client_id }, now }
      return () => issueInitialAccessToken(request, server)
    },
  },
  {
    operation: 'revoke an initial access token',
    roundTrips: 1,
    writeUnits: 1,
    async prepare(server) {
      const id = initialAccessTokenId(await initialAccessToken(server)) ?? ''
      return () => revokeInitialAccessToken({ bearer: masterToken, id, now }, server)
    },
  },
  {
    operation: 'read, wrong token',
    roundTrips: 1,
    writeUnits: 1,
    async prepare(server) {
      const { client_id } = await registered(server)
      const bearer = `rat_${'a'.repeat(43)}`
      return () => outcomeOf(readClient({ bearer, client_id, now }, server))
    },
  },
  {
    operation: 'read, unknown client',
    roundTrips: 1,
    writeUnits: 1,
    prepare: refused((server) =>
      readClient({ bearer: `rat_${'a'.repeat(43)}`, client_id: 'unknown', now }, server),
    ),
  },
  {
    operation: 'discovery',
    roundTrips: 0,
    writeUnits: 0,
    prepare: async (server) => async () => serverMetadata(server),
  },
  {
    operation: 'refused: no token',
    roundTrips: 0,
    writeUnits: 0,
    prepare: refused((server) => register(server, undefined)),
  },
  {
    operation: 'refused: anonymous, bad metadata',
    settings: { registration: 'dynamic' },
    roundTrips: 0,
    writeUnits: 0,
    prepare: refused((server) => register(server, undefined, { redirect_uris: ['x'] })),
  },
]
