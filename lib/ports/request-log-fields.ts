import { omitUndefined } from '../omit-undefined.ts'
import type { RegistrationSource } from '../registration-source.ts'

/**
 * Fields of a request for the log and the metrics: identifiers known to this service, and its
 * decisions. Never a secret, never an unverified claim of a client.
 */
export type RequestLogFields = {
  /** The client that the request is about. */
  readonly client_id?: string
  /**
   * Id of the stored initial access token that the request presents, issues or revokes, or that
   * the client was registered with.
   */
  readonly initial_access_token?: string
  /** `sub` of that token, or of an access token. */
  readonly owner?: string
  /** Issuer of that access token; omitted if the operator named the owner. */
  readonly owner_iss?: string
  /** How the registration was authorized. */
  readonly registration_method?: string
  /** `master token`, or the `sub` of the operator's access token, unique only within its issuer. */
  readonly operator?: string
  /** Issuer of that access token; omitted for the master token. */
  readonly operator_iss?: string
  /** The fields that the operator changed on a client, comma-separated. */
  readonly changed?: string
  /** The client was stale, and is no longer. */
  readonly revived?: true
  /** Number of clients of a report of use, by outcome. */
  readonly uses_recorded?: number
  readonly uses_unchanged?: number
  readonly uses_unknown?: number
  /** Clients among `uses_recorded` that were stale. */
  readonly uses_revived?: number
  /** Names of the policies that apply to the request, in order. */
  readonly policies?: readonly string[]
  /** A use of the initial access token was consumed. */
  readonly consumed?: true
  /** The request asks what it would register, and registers nothing. */
  readonly dry_run?: true
  /** The response is that of an earlier request with the same idempotency key. */
  readonly repeated?: true
  /** The registration joined a shared client. */
  readonly shared?: true
  /** The registration access token was replaced by its successor. */
  readonly rotated?: true
  /** The previous registration access token was presented, or a concurrent write won. */
  readonly conflict?: true
  /** The client was registered, and awaits the approval of an operator. */
  readonly pending?: true
  /** The registration was deferred until an operator approves it and the client polls. */
  readonly deferred?: true
  /** What the operator decided on a registration that awaited approval. */
  readonly decision?: 'approved' | 'rejected'
  /** ID of the job that disables many clients. */
  readonly disable_job?: string
  /** What the operator did with that job. */
  readonly job_action?: 'continue' | 'cancel' | 'undo'
  /** Number of clients that the job has disabled, and that its undo has enabled, until now. */
  readonly clients_disabled?: number
  readonly clients_enabled?: number
  /** The client was disabled because a rotated registration access token was reused. */
  readonly disabled?: true
}

/** Merges log fields into the current request; later values override earlier ones. */
export type Annotate = (fields: RequestLogFields) => void

/** The owner's and the initial access token's log fields; empty if there is neither. */
export const sourceLogFields = ({ owner, iss, initial_access_token }: Source): RequestLogFields =>
  omitUndefined({
    owner,
    owner_iss: owner === undefined ? undefined : iss,
    initial_access_token,
  })

type Source = Omit<RegistrationSource, 'registration_method'>

/** The client's identifier, owner and initial access token. */
export const clientLogFields = ({
  client_id,
  ...source
}: Source & { readonly client_id: string }): RequestLogFields => ({
  client_id,
  ...sourceLogFields(source),
})
