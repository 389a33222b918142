import { registerClient } from '../../../lib/register-client.ts'
import type { RegistrationMethod } from '../../../lib/registration-source.ts'
import { ordinary } from '../../support/clients.ts'
import { staticInitialAccessToken } from '../../support/compose.ts'
import { newest } from '../known.ts'
import { invalidToken } from '../match-token.ts'
import { newClient } from '../new-client.ts'
import { type CallContext, defineOperation, type Effect, generated } from '../operation.ts'
import { generatedSecret } from '../secrets.ts'
import { type State, withClient, withInitialAccessToken } from '../state.ts'

type Registration = {
  readonly by: 'nothing' | 'static' | 'initial access token' | 'access token'
  /** The key of the initial access token or of the access token. */
  readonly key: string
  readonly bearer: string | undefined
  readonly isInvalid: boolean
}

export const register = defineOperation<Registration>({
  name: 'register',
  choose({ subject, credential, variant }, { initialAccessTokens, accessTokens }) {
    const isInvalid = variant === 0
    const iat = newest(initialAccessTokens, subject)
    const accessToken = newest(accessTokens, subject)
    if (credential === 0 && iat !== undefined)
      return { by: 'initial access token', key: iat.key, bearer: iat.token, isInvalid }
    if (credential === 1 && accessToken !== undefined)
      return {
        by: 'access token',
        key: `access token ${accessTokens.indexOf(accessToken)}`,
        bearer: accessToken,
        isInvalid,
      }
    return credential === 2
      ? { by: 'static', key: '', bearer: staticInitialAccessToken, isInvalid }
      : { by: 'nothing', key: '', bearer: undefined, isInvalid }
  },
  async call({ bearer, isInvalid }, { id, now }, server, known) {
    const software_id = `${known.history} ${id}`
    const invalid = isInvalid && { redirect_uris: ['not a URI'] }
    const body = { ...ordinary, client_name: id, software_id, ...invalid }
    const response = await registerClient({ bearer, body, now }, server)
    const { client_id, client_secret: secret, registration_access_token: token = '' } = response
    known.clients.push({ key: id, client_id, secrets: secret ? [secret] : [], tokens: [token] })
    return { token, secret, name: response.client_name }
  },
  effects(state, given, context) {
    const { by, key, isInvalid } = given
    if (by === 'initial access token') return byInitialAccessToken(state, given, context)
    if (isInvalid) return [invalidMetadata(state)]
    if (by === 'access token' && state.usedAccessTokens[key]) return invalidToken(state)
    const usedAccessTokens = {
      ...state.usedAccessTokens,
      ...(by === 'access token' && { [key]: true as const }),
    }
    return [created({ ...state, usedAccessTokens }, registrationMethods[by], context)]
  },
  creates: (_, id) => id,
})

const registrationMethods = {
  nothing: 'anonymous',
  static: 'static_initial_access_token',
  'initial access token': 'initial_access_token',
  'access token': 'access_token',
} as const

function byInitialAccessToken(
  state: State,
  { key, isInvalid }: Registration,
  context: CallContext,
): readonly Effect[] {
  const token = state.initialAccessTokens[key]
  const { usesLeft } = token ?? {}
  if (token === undefined || token.expiresAt <= context.now || usesLeft === 0)
    return invalidToken(state)
  const after = (uses: number) =>
    usesLeft === undefined
      ? state
      : withInitialAccessToken(state, key, { ...token, usesLeft: usesLeft - uses })
  const done = (next: State) =>
    isInvalid ? invalidMetadata(next) : created(next, 'initial_access_token', context)
  if (token.consumed !== 'on_attempt') return [isInvalid ? invalidMetadata(state) : done(after(1))]
  const attempted = [done(after(1)), { next: after(1), rejected: 'temporarily_unavailable' }]
  // A retry that does not find its marker consumes another use (decision 0002).
  if (!context.markerOverwritten) return attempted
  return usesLeft === 1
    ? [...attempted, ...invalidToken(after(1))]
    : [...attempted, done(after(2)), { next: after(2), rejected: 'temporarily_unavailable' }]
}

const invalidMetadata = (next: State): Effect => ({ next, rejected: 'invalid_redirect_uri' })

function created(state: State, method: RegistrationMethod, context: CallContext): Effect {
  const token = generated(context)
  const secret = generatedSecret(context)
  const client = { ...newClient(context.id, method, context), token, secret }
  const response = { token, secret, name: context.id }
  return { next: withClient(state, context.id, client), response }
}
