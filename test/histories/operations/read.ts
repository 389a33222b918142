import { readClient } from '../../../lib/read-client.ts'
import { clientOf, learnToken, newest } from '../known.ts'
import { byToken, rotated, usedByItself } from '../match-token.ts'
import { defineOperation } from '../operation.ts'
import { revival, revivesLater } from '../revival.ts'
import { isShared, readShared } from '../shared.ts'
import { withClient } from '../state.ts'

/** A client by its key, and the token that is presented. */
export type ByToken = { readonly client: string; readonly token: string }

export const chooseToken: Parameters<typeof defineOperation<ByToken>>[0]['choose'] = (
  { subject, credential },
  known,
) => {
  const client = newest(known.clients, subject)
  const token = client && newest(client.tokens, credential)
  return token === undefined || client === undefined ? undefined : { client: client.key, token }
}

export const read = defineOperation<ByToken>({
  name: 'read',
  choose: chooseToken,
  async call({ client, token }, { now }, server, known) {
    const client_id = clientOf(known, client)?.client_id ?? ''
    const body = await readClient({ bearer: token, client_id, now }, server)
    learnToken(known, client, body.registration_access_token)
    return { token: body.registration_access_token, name: body.client_name }
  },
  effects(state, given, context) {
    if (isShared(given.client))
      return revivesLater(readShared(state, given, context), given, context)
    const rotates = context.settings.registrationAccessToken.rotateOn.includes('read')
    const effects = byToken(state, given, context, (client, match) => {
      const { name, sequence } = client
      if (!rotates || match === 'previous')
        return { next: state, response: { token: client.token, name } }
      const next = { ...usedByItself(rotated(client, context), context), sequence: sequence + 1 }
      // A retry after a lost response shows what others have changed since the rotation.
      const shown = context.ambiguous ? {} : { name }
      const response = { token: next.token, ...shown }
      return { next: withClient(state, given.client, next), response }
    })
    return revivesLater(effects, given, context)
  },
  parts: ({ client }) => [revival(client)],
})
