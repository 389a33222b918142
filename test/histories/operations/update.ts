import { updateClient } from '../../../lib/update-client.ts'
import { ordinary } from '../../support/clients.ts'
import { clientOf, learnSecret, learnToken } from '../known.ts'
import { byToken, rotated, usedByItself } from '../match-token.ts'
import { defineOperation } from '../operation.ts'
import { changeShared, isShared } from '../shared.ts'
import { withClient } from '../state.ts'
import { type ByToken, chooseToken } from './read.ts'

export const update = defineOperation<ByToken>({
  name: 'update',
  choose: chooseToken,
  async call({ client, token: bearer }, { id, now }, server, known) {
    const client_id = clientOf(known, client)?.client_id ?? ''
    const software_id = `${known.history} ${client}`
    const body = { ...ordinary, client_id, client_name: id, software_id }
    const response = await updateClient({ bearer, client_id, body, now }, server)
    learnToken(known, client, response.registration_access_token)
    const { registration_access_token: token, client_secret: secret, client_name } = response
    learnSecret(known, client, secret)
    return { token, secret, name: client_name }
  },
  effects(state, given, context) {
    if (isShared(given.client)) return changeShared(state, given, context)
    const rotates = context.settings.registrationAccessToken.rotateOn.includes('update')
    return byToken(state, given, context, (client, match) => {
      const next = {
        ...usedByItself(
          rotates && match === 'current' ? rotated(client, context) : client,
          context,
        ),
        name: context.id,
        version: client.version + 1,
        sequence: client.sequence + 1,
      }
      const { token, secret, name } = next
      return { next: withClient(state, given.client, next), response: { token, secret, name } }
    })
  },
})
