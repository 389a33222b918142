import { type ErrorCode, OAuthError } from '../errors.ts'
import type { Consumable } from '../ports/consumable.ts'

/** Client metadata as a policy sees and changes it: as sent, before it is judged. */
export type MutableMetadata = Record<string, unknown>

/** What a policy is told of the request, and what it may decide beside changing the metadata. */
export type PolicyContext = {
  readonly operation: 'register' | 'update'
  /** By what right the request is made. */
  readonly registration_method: string
  /** `sub` of the token that the client is, or was, registered with. */
  readonly owner: string | undefined
  /** Issuer of that token, where it is an access token: a `sub` means something only to its issuer. */
  readonly iss: string | undefined
  /** Scope of that token, space-separated; undefined on an update. */
  readonly scope: string | undefined
  /** Id of the stored initial access token, where there is one. */
  readonly initial_access_token: string | undefined
  /** The client that is updated. */
  readonly client_id: string | undefined
  /** Refuses the request, with the policy's own words (printable ASCII). */
  refuse(description: string, code?: ErrorCode): never
  /** Gives later updates other policies, which have to exist, than those that govern this request; the last word counts. */
  replacePolicies(names: readonly string[]): void
  /** Decides whether a registration access token is issued; the last word counts. */
  issueRegistrationAccessToken(issue: boolean): void
  /** Lets this many clients an hour at most be registered without a token; has no effect on other requests. */
  limitAnonymousClients(perHour: number): void
  /** Lets the owner, who must be known, have this many clients at most, counted in the write that creates this one. */
  limitClientsOfOwner(max: number): void
}

/**
 * A rule of the deploying team, run before the metadata is judged: it may set a default, force a value, or refuse.
 * What it throws beside a refusal is a logged 500; one that takes longer than three seconds is a 503.
 */
export type Policy = (context: PolicyContext, metadata: MutableMetadata) => void | Promise<void>

/** Every policy there is, by its name. */
export type Policies = ReadonlyMap<string, Policy>

/** What the policies of a request decided. */
export type PolicyResult = {
  readonly metadata: Readonly<MutableMetadata>
  /** The policies that govern later updates, where one replaced them. */
  readonly policies: readonly string[] | undefined
  readonly issueRegistrationAccessToken: boolean | undefined
  readonly quota: Extract<Consumable, { kind: 'owned_client' }> | undefined
  /** How many clients an hour may be registered without a token, where this is one. */
  readonly perHour: number | undefined
}

/** What a policy is told of the request. */
export type PolicyInput = Omit<
  PolicyContext,
  | 'refuse'
  | 'replacePolicies'
  | 'issueRegistrationAccessToken'
  | 'limitAnonymousClients'
  | 'limitClientsOfOwner'
>

/** Milliseconds within which a policy has to be done. */
const policyTimeoutMs = 3_000

/**
 * Runs these policies one by one in this order on a copy of the metadata. Throws OAuthError: a policy's refusal,
 * `server_error` where a policy does not exist, `temporarily_unavailable` where one is not done in time.
 */
export async function runPolicies(
  names: readonly string[],
  input: PolicyInput,
  sent: Readonly<MutableMetadata>,
  policies: Policies,
): Promise<PolicyResult> {
  const metadata: MutableMetadata = structuredClone({ ...sent })
  const decided: { -readonly [Name in keyof Omit<PolicyResult, 'metadata'>]?: PolicyResult[Name] } =
    {}
  const context: PolicyContext = {
    ...input,
    refuse(description, code = 'invalid_client_metadata') {
      throw new OAuthError(code, description)
    },
    replacePolicies(replacement) {
      for (const name of replacement) getPolicy(name, policies)
      decided.policies = [...replacement]
    },
    issueRegistrationAccessToken(issue) {
      decided.issueRegistrationAccessToken = issue
    },
    limitAnonymousClients(perHour) {
      if (input.registration_method === 'anonymous') decided.perHour = perHour
    },
    limitClientsOfOwner(max) {
      const { owner, iss } = input
      if (owner === undefined)
        return context.refuse('the token names no owner (sub), and clients are counted by owner')
      decided.quota = { kind: 'owned_client', owner, ...(iss !== undefined && { iss }), max }
    },
  }
  for (const name of names) await run(name, getPolicy(name, policies), context, metadata)
  const kept = Object.entries(metadata).filter(([, value]) => value !== undefined)
  return {
    metadata: Object.fromEntries(kept),
    policies: decided.policies,
    issueRegistrationAccessToken: decided.issueRegistrationAccessToken,
    quota: decided.quota,
    perHour: decided.perHour,
  }
}

function getPolicy(name: string, policies: Policies): Policy {
  const policy = policies.get(name)
  if (policy !== undefined) return policy
  throw new OAuthError('server_error', 'a policy of this request does not exist', {
    cause: new Error(`policy ${name} does not exist`),
  })
}

/** Runs one policy; what it throws beside a refusal is our fault, and says which policy it was. */
async function run(
  name: string,
  policy: Policy,
  context: PolicyContext,
  metadata: MutableMetadata,
) {
  try {
    await withTimeout(name, policy(context, metadata))
  } catch (error) {
    if (error instanceof OAuthError)
      throw new OAuthError(error.code, error.description, { ...error.details, policy: name })
    throw new OAuthError('server_error', 'a policy of this request failed', {
      cause: new Error(`policy ${name} failed`, { cause: error }),
    })
  }
}

async function withTimeout(name: string, done: void | Promise<void>): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () =>
      reject(
        new OAuthError('temporarily_unavailable', 'a policy timed out; retry later', {
          cause: new Error(`policy ${name} was not done within ${policyTimeoutMs} ms`),
        }),
      ),
    policyTimeoutMs,
  )
  try {
    await Promise.race([done, late])
  } finally {
    clearTimeout(timer)
  }
}
