import { renewClientSecretAdmin } from '../../../lib/operator/renew-client-secret-admin.ts'
import { renewClientSecret } from '../../../lib/renew-client-secret.ts'
import { clientOf, learnSecret, learnToken } from '../known.ts'
import { byToken, usedByItself } from '../match-token.ts'
import { type CallContext, defineOperation, type Effect } from '../operation.ts'
import { generatedSecret, isInOverlap } from '../secrets.ts'
import { type ClientState, withClient } from '../state.ts'
import { chooseClient, notFound, type OfClient, request } from './administer.ts'
import { type ByToken, chooseToken } from './read.ts'

type Renewal = {
  /** Seconds for which the previous secret stays valid. */
  readonly overlap: number
  /** Stores the client, and responds with its secret and token. */
  readonly effect: (client: ClientState, isRenewed: boolean) => Effect
}

/** Renews the secret, or returns the one that an earlier renewal or a concurrent one generated. */
function renewals(
  client: ClientState,
  context: CallContext,
  { overlap, effect }: Renewal,
): readonly Effect[] {
  const kept = effect(client, false)
  if (overlap > 0 && isInOverlap(client, context.now)) return [kept]
  const { secret, version, sequence } = client
  const renewed: ClientState = {
    ...client,
    secret: generatedSecret(context),
    previousSecret:
      overlap > 0 && secret !== undefined ? { secret, until: context.now + overlap } : undefined,
    version: version + 1,
    sequence: sequence + 1,
  }
  // A concurrent renewal that keeps the earlier secret does not satisfy one that must end it.
  const mayKeep = context.disturbed && !isInOverlap(client, context.now)
  return [effect(renewed, true), ...(mayKeep ? [kept] : [])]
}

/** A client renews its secret by its registration access token. */
export const renew = defineOperation<ByToken>({
  name: 'renew',
  choose: chooseToken,
  async call({ client, token: bearer }, { now }, server, known) {
    const client_id = clientOf(known, client)?.client_id ?? ''
    const response = await renewClientSecret({ bearer, client_id, now }, server)
    const { registration_access_token: token, client_secret: secret } = response
    learnToken(known, client, token)
    learnSecret(known, client, secret)
    return { token, secret }
  },
  effects(state, given, context) {
    return byToken(state, given, context, (found) =>
      renewals(found, context, {
        overlap: context.settings.clientSecret.overlap,
        effect(client, isRenewed) {
          const next = isRenewed ? usedByItself(client, context) : client
          const { token, secret } = next
          return { next: withClient(state, given.client, next), response: { token, secret } }
        },
      }),
    )
  },
})

/** The operator renews the secret of a client, at once or with the overlap of the settings. */
export const renewByOperator = defineOperation<OfClient & { readonly isImmediate: boolean }>({
  name: 'renew by operator',
  choose(step, known) {
    const client = chooseClient(step, known)
    return client && { ...client, isImmediate: step.variant === 0 }
  },
  async call(given, context, server, known) {
    const body = given.isImmediate ? { overlap: 0 } : {}
    const renewed = await renewClientSecretAdmin(
      { ...request(given, context, known), body },
      server,
    )
    learnSecret(known, given.client, renewed.client_secret)
    return { secret: renewed.client_secret }
  },
  effects(state, { client: key, isImmediate }, context) {
    const found = state.clients[key]
    if (found === undefined) return [notFound(state)]
    return renewals(found, context, {
      overlap: isImmediate ? 0 : context.settings.clientSecret.overlap,
      effect: (client) => ({
        next: withClient(state, key, client),
        response: { secret: client.secret },
      }),
    })
  },
})
