import { checkClientSecret } from '../../lib/operator/check-client-secret.ts'
import { decideRegistration } from '../../lib/operator/decide-registration.ts'
import { getClient } from '../../lib/operator/get-client.ts'
import { listClients } from '../../lib/operator/list-clients.ts'
import { reissueRegistrationAccessToken } from '../../lib/operator/reissue-registration-access-token.ts'
import { updateClientAdmin } from '../../lib/operator/update-client-admin.ts'
import { readClient } from '../../lib/read-client.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { Server } from '../../lib/server.ts'
import { isSharedClientId } from '../../lib/sharing/shared-client-id.ts'
import { now, ordinary } from '../support/clients.ts'
import { masterToken } from '../support/compose.ts'
import type { ServiceRequest } from './instance.ts'

/** Whether the credentials of a response work. */
export async function handedOutProblems(
  body: Readonly<Record<string, unknown>>,
  { path }: ServiceRequest,
  server: Server,
): Promise<string[]> {
  const { registration_access_token, access_token, client_secret } = body
  const client_id = String(body.client_id ?? path.split('/')[2])
  if (typeof access_token === 'string')
    return problemsOf('the issued token', () =>
      registerClient({ bearer: access_token, body: ordinary, now }, server),
    )
  if (client_secret !== undefined) await admit(client_id, server)
  return [
    ...(typeof registration_access_token === 'string'
      ? await problemsOf('the returned token', () =>
          readClient({ bearer: registration_access_token, client_id, now }, server),
        )
      : []),
    ...(typeof client_secret === 'string'
      ? await problemsOf('the returned secret', () =>
          requireSecret(client_id, client_secret, server),
        )
      : []),
  ]
}

/**
 * Whether the operator can give every client its credentials again. Who lost the token of a shared
 * client registers again.
 */
export async function credentialProblems(
  clientIds: readonly string[],
  server: Server,
): Promise<string[]> {
  const own = clientIds.filter((client_id) => !isSharedClientId(client_id))
  const problems = own.map((client_id) =>
    problemsOf('the operator cannot help a client', () => giveAgain(client_id, server)),
  )
  return (await Promise.all(problems)).flat()
}

/** Approves a client that awaits approval, and enables any other. */
async function admit(client_id: string, server: Server): Promise<void> {
  const administration = { bearer: masterToken, client_id, now }
  const { pending_at } = await getClient(administration, server)
  if (pending_at === undefined)
    await updateClientAdmin({ ...administration, body: { disabled: false } }, server)
  else await decideRegistration({ ...administration, body: { decision: 'approve' } }, server)
}

async function giveAgain(client_id: string, server: Server): Promise<void> {
  const administration = { bearer: masterToken, client_id, now }
  await admit(client_id, server)
  const { registration_access_token } = await reissueRegistrationAccessToken(administration, server)
  const read = { bearer: registration_access_token, client_id, now }
  const { client_secret, token_endpoint_auth_method } = await readClient(read, server)
  const isPublic = token_endpoint_auth_method === 'none'
  if (isPublic !== (client_secret === undefined)) throw new Error('the secret is missing')
  if (client_secret !== undefined) await requireSecret(client_id, client_secret, server)
}

async function requireSecret(client_id: string, client_secret: string, server: Server) {
  const request = { bearer: masterToken, client_id, now, body: { client_secret } }
  const { valid } = await checkClientSecret(request, server)
  if (!valid) throw new Error('the secret is wrong')
}

/** Whether the operator finds the one client by this filter. */
export async function findProblems(
  query: Readonly<Record<string, string>>,
  server: Server,
): Promise<string[]> {
  const { clients } = await listClients({ bearer: masterToken, now, query }, server)
  return clients.length === 1 ? [] : [`the operator finds ${clients.length} clients`]
}

async function problemsOf(what: string, work: () => Promise<unknown>): Promise<string[]> {
  try {
    await work()
    return []
  } catch (error) {
    return [`${what}: ${error instanceof Error ? error.message : error}`]
  }
}
