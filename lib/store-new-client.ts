import type { RegisteredClient } from './client.ts'
import { OAuthError } from './errors.ts'
import type { CreateResult } from './ports/client-store.ts'
import type { Consumable } from './ports/consumable.ts'
import type { RegistrationHook } from './ports/registration-hook.ts'
import { toPushedClient } from './pushed-client.ts'
import type { Server } from './server.ts'

/** Time limit of each call of the hook in milliseconds: two fit into the deadline of a request. */
const hookTimeoutMs = 3_000

type Ports = Pick<Server, 'clients' | 'onRegistered' | 'warn'>

/**
 * Stores a new client with everything that it consumes. A hook is called before the write: if it
 * fails, nothing was stored or consumed, and if this process ends in between, nobody has the
 * client's credentials. Whatever the hook did for a client that was not stored is undone.
 * Throws the errors of the store, the OAuthError of a hook that rejects the client, and
 * `temporarily_unavailable` if the hook fails.
 */
export async function storeNewClient(
  client: RegisteredClient,
  client_secret: string | undefined,
  consumables: readonly Consumable[],
  server: Ports,
): Promise<CreateResult> {
  const { clients, onRegistered: hook } = server
  if (hook === undefined) return clients.create(client, consumables)
  const { client_id } = client
  // The hook would replace the client of that name.
  if ((await clients.find(client_id)) !== undefined) return { outcome: 'exists' }
  try {
    await withTimeLimit((signal) => hook.registered(toPushedClient(client, client_secret), signal))
  } catch (error) {
    await undoUnlessStored(client, hook, server)
    throw hookError(error, client_secret)
  }
  try {
    const created = await clients.create(client, consumables)
    if (created.outcome !== 'created') await undoUnlessStored(client, hook, server)
    return created
  } catch (error) {
    await undoUnlessStored(client, hook, server)
    throw error
  }
}

/**
 * Undoes what the hook did, unless the client is stored: a write may have taken effect without an
 * answer, and an equal registration has the same shared client. Where the table cannot be read, it
 * is left to the reconciliation. A failure is logged, because the response is about its cause.
 */
async function undoUnlessStored(
  { client_id }: RegisteredClient,
  hook: RegistrationHook,
  { clients, warn }: Ports,
): Promise<void> {
  try {
    if ((await clients.find(client_id)) === undefined)
      await withTimeLimit((signal) => hook.undo(client_id, signal))
  } catch (cause) {
    warn(`the registration of ${client_id} could not be undone`, cause)
  }
}

/** Rejects after the time limit, and aborts the signal. */
async function withTimeLimit(call: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const limit = new AbortController()
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    reject(new Error(`the hook was not done within ${hookTimeoutMs} ms`))
    limit.abort()
  }, hookTimeoutMs)
  try {
    await Promise.race([call(limit.signal), late])
  } finally {
    clearTimeout(timer)
  }
}

function hookError(error: unknown, client_secret: string | undefined): OAuthError {
  if (error instanceof OAuthError && error.status < 500) return error
  return new OAuthError(
    'temporarily_unavailable',
    'the authorization server cannot take new clients at the moment; retry later',
    { retryAfterSeconds: 5, cause: withoutSecret(error, client_secret) },
  )
}

/** The error as it may be logged: a hook may have put the secret into a message. */
function withoutSecret(error: unknown, client_secret: string | undefined): Error {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
  const hide = (text: string) =>
    client_secret === undefined ? text : text.replaceAll(client_secret, '[redacted]')
  return Object.assign(new Error(hide(message)), { name: hide(name), stack: hide(stack ?? '') })
}
