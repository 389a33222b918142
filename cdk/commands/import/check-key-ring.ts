import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { fromItem, type Item } from '../../../lib/adapters/dynamodb/client-item.ts'
import { walkListing } from '../../../lib/adapters/dynamodb/walk-listing.ts'
import type { KeyRing } from '../../../lib/tokens/key-ring.ts'
import { decryptSecretJwe, secretKeyId } from '../../../lib/tokens/secret-jwe.ts'
import { escaped } from '../printable.ts'

/** Pages of the table in which a secret is sought that the ring decrypts. */
const maxPages = 20

/**
 * Checks by the clients of a table that this is its client secret key ring. Ids of keys say nothing:
 * the first key of every stack is `s1`. Resolves to what the operator has to know, or to undefined.
 * Throws an Error if it is another ring. Neither has key material in it.
 */
export async function checkKeyRing(
  documents: DynamoDBDocumentClient,
  table: string,
  ring: KeyRing,
): Promise<string | undefined> {
  const missing = new Set<string>()
  let pages = 0
  try {
    for await (const { items } of walkListing(documents, table)) {
      let isConfirmed = false
      for (const { client_id, jwe } of items.flatMap(secretOf)) {
        const kid = secretKeyId(jwe)
        if (!ring.keys.has(kid)) missing.add(kid)
        else if (decrypts(client_id, jwe, ring)) isConfirmed = true
        else throw new OtherKeyRing(client_id, kid)
      }
      pages += 1
      if (isConfirmed) return undefined
      if (pages === maxPages) break
    }
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AccessDeniedException') throw error
    return 'the client secret key ring was not checked: that needs dynamodb:Query on the index "listing", and dynamodb:BatchGetItem'
  }
  return missing.size === 0
    ? 'the client secret key ring could not be checked, because no client here has an encrypted secret: register one, and repeat this with --dry-run'
    : `client secrets here need keys that the client secret key ring lacks (${escaped([...missing].join(', '))}): check that it is that of this table`
}

class OtherKeyRing extends Error {
  constructor(client_id: string, kid: string) {
    super(
      `the key ${escaped(kid)} of the client secret key ring does not decrypt the secret of client ${client_id}: it is the ring of another table, or an earlier import used one`,
    )
  }
}

function secretOf(item: Item): readonly { client_id: string; jwe: string }[] {
  const [kind, ...rest] = String(item.pk).split('#')
  if (kind !== 'CLIENT') return []
  const client_id = rest.join('#')
  const { secret_jwe: jwe } = fromItem(client_id, item)
  return jwe === undefined ? [] : [{ client_id, jwe }]
}

function decrypts(client_id: string, jwe: string, ring: KeyRing): boolean {
  try {
    decryptSecretJwe(client_id, jwe, [ring])
    return true
  } catch {
    return false
  }
}
