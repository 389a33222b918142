/** (Ours) an operator's decision on a registration that awaited approval; stored with the client. */
export type Decision = {
  readonly outcome: 'approved' | 'rejected'
  /** Unix seconds. */
  readonly decided_at: number
  /** `master token`, or the `sub` of the operator's access token, unique only within its issuer. */
  readonly operator?: string
  /** Issuer of that access token; omitted for the master token. */
  readonly operator_iss?: string
  readonly note?: string
}

/** Whether the same operator decided the same: the repetition of a request whose response was lost. */
export const isSameDecision = (one: Decision | undefined, other: Decision): boolean =>
  one?.outcome === other.outcome &&
  one.operator === other.operator &&
  one.operator_iss === other.operator_iss
