/** A request at the client configuration endpoint (RFC 7592 §2). */
export type ClientConfigurationRequest = {
  readonly bearer: string | undefined
  readonly client_id: string
  /** Unix seconds. */
  readonly now: number
}
