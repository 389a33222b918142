import { createHash } from 'node:crypto'
import { OAuthError } from '../../../lib/errors.ts'
import type { RegistrationHook } from '../../../lib/ports/registration-hook.ts'

/** What the test reads of a call: of the secret, only its digest. */
const report = (call: object) => process.stdout.write(`hook ${JSON.stringify(call)}\n`)

/** A hook that ends in every way, by the name of the client. */
export const onRegistered: RegistrationHook = {
  async registered({ client, client_secret, isActive }) {
    const { client_id, client_name, redirect_uris } = client
    const digest = client_secret && createHash('sha256').update(client_secret).digest('hex')
    report({ registered: client_id, digest, isActive, redirect_uris })
    if (client_name === 'throws') throw new Error(`cannot take ${client_secret}`)
    if (client_name === 'rejects')
      throw new OAuthError('invalid_client_metadata', 'client_name: not here')
    if (client_name === 'never ends') await new Promise(() => {})
    if (client_name === 'dies') process.exit(1)
  },
  async undo(client_id) {
    report({ undone: client_id })
  },
}
