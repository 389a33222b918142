import type { RegistrationHook } from '../../lib/ports/registration-hook.ts'
import type { Connector } from './connector.ts'

/** A connector that pushes each client before its registration is answered. */
export const connectorHook = (connector: Connector): RegistrationHook => ({
  registered: (client, signal) => connector.push(client, signal),
  undo: (client_id, signal) => connector.remove(client_id, signal),
})

/**
 * One hook of several, which are called at the same time; undefined without any. It waits for all of
 * them, so that nothing is undone before it was done.
 */
export function composeHooks(hooks: readonly RegistrationHook[]): RegistrationHook | undefined {
  if (hooks.length === 0) return undefined
  const all = async (call: (hook: RegistrationHook) => Promise<void>) => {
    // An async function, so that a hook that throws at once rejects as well.
    const results = await Promise.allSettled(hooks.map(async (hook) => call(hook)))
    for (const result of results) if (result.status === 'rejected') throw result.reason
  }
  return {
    registered: (client, signal) => all((hook) => hook.registered(client, signal)),
    undo: (client_id, signal) => all((hook) => hook.undo(client_id, signal)),
  }
}
