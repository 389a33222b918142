import type { Owner } from '../owner.ts'
import type { DeletedClient } from './client-store.ts'

/**
 * What an operation tells the operator of a request, for the log and the metrics: identifiers that this service
 * knows, and what it decided; never a secret, never what a client only claims.
 */
export type RequestLogFields = {
  /** The client that the request is about. */
  readonly client_id?: string
  /** Id of the stored initial access token that the request presents, issues or revokes, or the client was registered with. */
  readonly initial_access_token?: string
  /** `sub` of that token, or of an access token. */
  readonly owner?: string
  /** Issuer of that access token; an owner that the operator named has none. */
  readonly owner_iss?: string
  /** By what right a registration is made. */
  readonly admission?: string
  /** Who administers: `master token`, or the `sub` of an access token, which means something to its issuer only. */
  readonly operator?: string
  /** Issuer of that access token; the master token has none. */
  readonly operator_iss?: string
  /** What the operator changed on a client, with commas between. */
  readonly changed?: string
  /** Names of the policies that govern the request, in their order. */
  readonly policies?: readonly string[]
  /** A use of the initial access token was spent. */
  readonly consumed?: true
  /** The registration access token was replaced by its successor. */
  readonly rotated?: true
  /** Two at once, or a token used again: it was the predecessor of the current one, or a write lost a race. */
  readonly conflict?: true
  /** The client was disabled, because a registration access token that had been replaced was used again. */
  readonly disabled?: true
}

/** Notes something of the request that is being answered; a later note overrides an earlier one member by member. */
export type Annotate = (notes: RequestLogFields) => void

/** Who owns a client, where somebody does. */
export const aboutOwner = ({ owner, iss }: Partial<Owner>): RequestLogFields => ({
  ...(owner !== undefined && { owner }),
  ...(owner !== undefined && iss !== undefined && { owner_iss: iss }),
})

/** Which client it is, and whose. */
export const clientLogFields = ({
  client_id,
  initial_access_token,
  ...owner
}: DeletedClient): RequestLogFields => ({
  client_id,
  ...aboutOwner(owner),
  ...(initial_access_token !== undefined && { initial_access_token }),
})
