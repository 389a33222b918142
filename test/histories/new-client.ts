import type { RegistrationMethod } from '../../lib/registration-source.ts'
import { expiry } from './match-token.ts'
import type { CallContext } from './operation.ts'
import type { ClientState } from './state.ts'

/** A client that was just registered in this way, without its token. */
export function newClient(
  name: string,
  method: RegistrationMethod,
  context: CallContext,
): ClientState {
  const { now, settings } = context
  const { cleanUp, approval } = settings
  const neverUsed = cleanUp.neverUsedAfter
  const undecided = Math.min(neverUsed, cleanUp.undecidedAfter)
  const isPending = approval !== 'off'
  const isCovered = cleanUp.mode !== 'off' && cleanUp.registeredBy.includes(method)
  return {
    token: '',
    tokenExpiresAt: expiry(context),
    disabled: isPending,
    name,
    version: 1,
    sequence: 1,
    ...(isPending && { pending: true }),
    ...(isCovered && {
      covered: true,
      since: now,
      due: { kind: 'DUE', at: now + (isPending ? undecided : neverUsed) },
    }),
  }
}
