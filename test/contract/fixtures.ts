import { generateWriteId, type RegisteredClient } from '../../lib/client.ts'
import { parseClientMetadata } from '../../lib/metadata/parse-client-metadata.ts'
import type { Condition } from '../../lib/ports/client-store.ts'
import { parseSettings } from '../../lib/settings/settings.ts'
import {
  generateInitialAccessToken,
  type InitialAccessToken,
} from '../../lib/tokens/initial-access-token.ts'
import { generateBytes } from '../../lib/tokens/token.ts'

/** Unix seconds of the tests. */
export const now = 1_800_000_000

export const metadataOf = (members: object = {}) => {
  const sent = { redirect_uris: ['https://client.example/callback'], ...members }
  return parseClientMetadata(sent, parseSettings({}), { allowEmptyGrantTypes: false })
}

const metadata = metadataOf({ client_name: 'A client' })

let clients = 0

/** A client that no store has yet, with a current token. */
export function newClient(more: Partial<RegisteredClient> = {}) {
  clients += 1
  return {
    client_id: `client-${clients}`,
    client_id_issued_at: now,
    metadata,
    version: 1,
    token_digest: generateBytes(32),
    ...more,
    write_id: generateWriteId(),
  }
}

/** The condition under which the client may write. */
export const conditionOf = ({ token_digest }: RegisteredClient, at = now): Condition => ({
  token_digest: token_digest ?? generateBytes(32),
  now: at,
})

/** The next token of a client, and its rotation. */
export const newSuccessor = () => ({
  token_digest: generateBytes(32),
  rotation_nonce: generateBytes(16),
  rotation_key: 'k1',
  rotated_at: now,
})

/** An update of a client that changes its name. */
export const newUpdate = (client_name: string) => ({
  metadata: metadataOf({ client_name }),
  secret: undefined,
  successor: undefined,
  policies: undefined,
  write_id: generateWriteId(),
})

/** An initial access token of so many uses that no store has yet. */
export function newInitialAccessToken(
  uses: number,
  more: Partial<InitialAccessToken> = {},
): InitialAccessToken {
  const { id, token_digest } = generateInitialAccessToken('on_success')
  const times = { issued_at: now, expires_at: now + 60 }
  return { id, token_digest, ...times, scope: 'x', max_uses: uses, uses_left: uses, ...more }
}

/** The results of as many calls at once. */
export const atOnce = <Result>(calls: number, call: () => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: calls }, call))
