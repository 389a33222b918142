import * as v from 'valibot'
import type { RegisteredClient } from '../../../lib/client.ts'
import { isPlainObject, type JsonObject } from '../../../lib/json.ts'
import type { ClientMetadata } from '../../../lib/metadata/client-metadata.ts'
import { members } from '../../../lib/operator/parse-request.ts'
import { registrationMethods } from '../../../lib/registration-source.ts'
import { isClientId } from '../../../lib/tokens/client-id.ts'
import type { PreviousClientSecret, StoredClientSecret } from '../../../lib/tokens/client-secret.ts'
import { isInitialAccessTokenId } from '../../../lib/tokens/initial-access-token.ts'
import type {
  Rotation,
  StoredRegistrationAccessToken,
} from '../../../lib/tokens/registration-access-token.ts'
import {
  bytes,
  count,
  format,
  issueTime,
  storableObject,
  text,
  texts,
  time,
} from './line-values.ts'

/** Members of a stored client that a line has only with secrets, and under other names. */
type Credential =
  | keyof StoredClientSecret
  | keyof PreviousClientSecret
  | keyof StoredRegistrationAccessToken
  | keyof Rotation

/** What the importing table sets itself. */
type Recomputed = 'write_id' | 'sequence'

type Plain = Exclude<keyof RegisteredClient, Credential | Recomputed>

const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one) => typeof one === 'string')

const isJwks = (value: unknown): boolean =>
  isPlainObject(value) && Array.isArray(value.keys) && value.keys.every(isPlainObject)

/** Metadata as registered: the members that always are, are there. */
const metadata = v.pipe(
  storableObject,
  v.custom<ClientMetadata & JsonObject>((value) => {
    const { grant_types, response_types, redirect_uris, jwks } = value as JsonObject
    const { application_type, token_endpoint_auth_method } = value as JsonObject
    const named = [application_type, token_endpoint_auth_method]
    return (
      isTexts(grant_types) &&
      isTexts(response_types) &&
      named.every((one) => typeof one === 'string') &&
      (redirect_uris === undefined || isTexts(redirect_uris)) &&
      (jwks === undefined || isJwks(jwks))
    )
  }, 'expected lists of redirect_uris, grant_types and response_types, texts as application_type and token_endpoint_auth_method, and a JWK Set as jwks'),
)

/** tsc demands an entry for each member that a stored client gains, or that it is a credential. */
const plain = {
  client_id: v.pipe(v.string(), v.check(isClientId, 'expected 1 to 255 visible ASCII characters')),
  client_id_issued_at: issueTime,
  metadata,
  version: count,
  registration_method: v.exactOptional(v.picklist(registrationMethods)),
  owner: v.exactOptional(text),
  iss: v.exactOptional(text),
  initial_access_token: v.exactOptional(
    v.pipe(v.string(), v.check(isInitialAccessTokenId, 'expected an id of a token')),
  ),
  policies: v.exactOptional(texts),
  lock: v.exactOptional(
    members({ grants: v.exactOptional(texts), scopes: v.exactOptional(texts) }),
  ),
  counted: v.exactOptional(v.literal(true, 'expected true')),
  instances: v.exactOptional(count),
  label: v.exactOptional(text),
  note: v.exactOptional(text),
  last_used_at: v.exactOptional(time),
  disabled_at: v.exactOptional(time),
  disabled_by_job: v.exactOptional(text),
  stale_at: v.exactOptional(time),
  due_at: v.exactOptional(time),
  pending_at: v.exactOptional(time),
  decision: v.exactOptional(
    members({
      outcome: v.picklist(['approved', 'rejected']),
      decided_at: time,
      operator: v.exactOptional(text),
      operator_iss: v.exactOptional(text),
      note: v.exactOptional(text),
    }),
  ),
} satisfies Record<Plain, v.ObjectEntries[string]>

/** RFC 6749 Appendix A.2 `client_secret`. */
export const isClientSecret = (text: string): boolean => /^[\x20-\x7E]{1,1024}$/.test(text)

const clientSecret = v.pipe(
  v.string('expected a string'),
  v.check(isClientSecret, 'expected 1 to 1024 visible ASCII characters'),
)

/** A line of an export: a client. Its credentials are there only with `--secrets`. */
export const clientLineSchema = members({
  format: v.literal(format, `expected ${format}`),
  type: v.literal('client'),
  ...plain,
  counted_software: v.exactOptional(bytes(16)),
  client_secret: v.exactOptional(clientSecret),
  client_secret_digest: v.exactOptional(bytes(32)),
  client_secret_expires_at: v.exactOptional(time),
  previous_client_secret: v.exactOptional(clientSecret),
  previous_client_secret_digest: v.exactOptional(bytes(32)),
  previous_client_secret_expires_at: v.exactOptional(time),
  registration_access_token_digest: v.exactOptional(bytes(32)),
  registration_access_token_expires_at: v.exactOptional(time),
  rotation_nonce: v.exactOptional(bytes(16)),
  rotation_key: v.exactOptional(text),
  rotated_at: v.exactOptional(time),
})

/** The members of a stored client that a line has under the same names. */
export const plainMembers = Object.keys(plain) as readonly Plain[]
