import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { clientSecret } from '../../../functions/extensions/client-secret.ts'
import type { RegisteredClient } from '../../../lib/client.ts'
import type { Settings } from '../../../lib/settings/settings.ts'
import { issueClientSecret, type StoredClientSecret } from '../../../lib/tokens/client-secret.ts'
import { MissingKeyRing, type SecretStorage } from './store-secrets.ts'

/** Issues secrets to imported clients that need one, and keeps them for the operator. */
export type NewSecrets = {
  issue(client: RegisteredClient, now: number): Promise<StoredClientSecret>
  close(): Promise<void>
}

/**
 * Appends the new secrets in plaintext to this file, for its owner alone. Each is in the file before
 * the client is stored: no interruption loses it. Of several lines of a client, the last one counts.
 */
export async function openNewSecrets(
  file: string,
  settings: Settings['clientSecret'],
  storage: SecretStorage,
): Promise<NewSecrets> {
  if (storage === undefined) throw new MissingKeyRing()
  const { O_WRONLY, O_APPEND, O_CREAT } = constants
  const output = await open(file, O_WRONLY | O_APPEND | O_CREAT, 0o600)
  await output.chmod(0o600)
  const { bytes, alphabet } = settings
  const generate = () => clientSecret(bytes, alphabet)
  const keyRing = async () => {
    if (storage === 'digest') throw new MissingKeyRing()
    return storage
  }
  return {
    async issue({ client_id }, now) {
      const { client_secret, stored } = await issueClientSecret(
        client_id,
        settings,
        generate,
        keyRing,
        now,
      )
      const { client_secret_expires_at } = stored
      const line = { client_id, client_secret, client_secret_expires_at }
      await output.appendFile(`${JSON.stringify(line)}\n`)
      await output.datasync()
      return stored
    },
    close: () => output.close(),
  }
}
