import { needsClientSecret, type RegisteredClient } from '../../../lib/client.ts'
import { omitUndefined } from '../../../lib/omit-undefined.ts'
import type { KeyRing } from '../../../lib/tokens/key-ring.ts'
import { encryptSecretJwe } from '../../../lib/tokens/secret-jwe.ts'
import { sha256 } from '../../../lib/tokens/token.ts'
import type { Candidate, GivenSecret } from './candidate.ts'

/** How the table keeps client secrets: encrypted by this ring, or as digests only. */
export type SecretStorage = KeyRing | 'digest' | undefined

/** No key ring was given, and the settings want secrets to be encrypted. */
export class MissingKeyRing extends Error {
  constructor() {
    super('client secrets are to be encrypted: give --client-secret-key-ring')
  }
}

/**
 * The stored forms of the secrets of a record. The secret of another server's client is left out
 * where its method needs none. Throws MissingKeyRing.
 */
export function storeSecrets(
  { client: { client_id }, secret, previous, isMapped }: Candidate,
  { metadata }: Pick<RegisteredClient, 'metadata'>,
  storage: SecretStorage,
): Partial<RegisteredClient> {
  if (isMapped && !needsClientSecret(metadata)) return {}
  const current = secret && storedForm(client_id, secret, storage)
  const earlier = previous && storedForm(client_id, previous, storage)
  return omitUndefined({
    secret_digest: current?.digest,
    secret_jwe: current?.jwe,
    client_secret_expires_at: secret?.expires_at,
    previous_secret_digest: earlier?.digest,
    previous_secret_jwe: earlier?.jwe,
    previous_secret_expires_at: previous?.expires_at,
  })
}

function storedForm(client_id: string, given: GivenSecret, storage: SecretStorage) {
  const { client_secret, digest } = given
  if (client_secret === undefined) return { digest, jwe: undefined }
  if (storage === undefined) throw new MissingKeyRing()
  return {
    digest: sha256(client_secret),
    jwe: storage === 'digest' ? undefined : encryptSecretJwe(client_id, client_secret, storage),
  }
}
