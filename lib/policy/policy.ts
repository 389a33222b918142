import { type ErrorCode, OAuthError } from '../errors.ts'
import type { Consumable } from '../ports/consumable.ts'
import type { RegistrationMethod, RegistrationSource } from '../registration-source.ts'

/** Client metadata that a policy reads and changes: unvalidated client input. */
export type MutableMetadata = Record<string, unknown>

/** The request's context, without the decisions. */
export type PolicyInput = Omit<RegistrationSource, 'registration_method'> & {
  readonly operation: 'register' | 'update'
  /** How the request is authorized. */
  readonly registration_method: RegistrationMethod | 'registration_access_token'
  /** Scope of the token that authorized the registration; omitted on an update. */
  readonly scope?: string | undefined
  /** The client being updated; omitted on a registration. */
  readonly client_id?: string | undefined
}

/** The request's context, and the decisions a policy can make in addition to changing the metadata. */
export type PolicyContext = PolicyInput & {
  /** Rejects the request with this description (printable ASCII). */
  reject(description: string, code?: ErrorCode): never
  /** Replaces the policies for later updates; each must exist. The last call wins. */
  replacePolicies(names: readonly string[]): void
  /** Decides whether a registration access token is issued; the last call wins. */
  issueRegistrationAccessToken(issue: boolean): void
}

/** What a policy may call only if it declares it, because it needs access to a stored counter. */
export type Limits = {
  /**
   * Limits registrations without a token per hour, and those for one redirect host; has no effect on
   * other requests.
   */
  limitAnonymousClients(perHour: number, perHost?: number): void
  /**
   * Limits clients per `software_id`, counted in the write that creates the client; one without a
   * `software_id` is not counted.
   */
  limitClientsOfSoftware(max: number): void
  /** Limits clients per owner, counted in the write that creates the client; requires an owner. */
  limitClientsOfOwner(max: number): void
}

/**
 * A rule that runs before validation: it can set a default, force a value, or reject the request.
 * Any other exception is logged and returns 500; a timeout of 3 seconds returns 503.
 */
export type Policy = Rule<PolicyContext>

/**
 * A policy that limits clients. It declares the limits that it calls, so that the Lambda is granted
 * access to their counters. A call of another limit fails, like any other exception.
 */
export type LimitingPolicy = {
  readonly limits: readonly (keyof Limits)[]
  readonly policy: Rule<PolicyContext & Limits>
}

type Rule<Context> = (context: Context, metadata: MutableMetadata) => void | Promise<void>

/** All policies by name. */
export type Policies = ReadonlyMap<string, Policy | LimitingPolicy>

/** The combined decisions of a request's policies. */
export type PolicyResult = {
  readonly metadata: Readonly<MutableMetadata>
  /** The policies for later updates, if a policy replaced them. */
  readonly policies: readonly string[] | undefined
  readonly issueRegistrationAccessToken: boolean | undefined
  readonly quota: Extract<Consumable, { kind: 'owned_client' }> | undefined
  /** Hourly limit of registrations without a token; set only if this is one. */
  readonly perHour: number | undefined
  /** The same for each of its redirect hosts. */
  readonly perHost: number | undefined
  /** Limit of the clients with its `software_id`. */
  readonly perSoftware: number | undefined
}

/** Timeout of a policy in milliseconds. */
const policyTimeoutMs = 3_000

/**
 * Runs these policies in order on a copy of the metadata. Throws the OAuthError of a policy that
 * rejects the request, `server_error` if a policy does not exist or fails, and
 * `temporarily_unavailable` on a timeout.
 */
export async function runPolicies(
  names: readonly string[],
  input: PolicyInput,
  sent: Readonly<MutableMetadata>,
  policies: Policies,
): Promise<PolicyResult> {
  const metadata: MutableMetadata = names.length === 0 ? { ...sent } : structuredClone({ ...sent })
  const decided: { -readonly [Name in keyof Omit<PolicyResult, 'metadata'>]?: PolicyResult[Name] } =
    {}
  const context: PolicyContext = {
    ...input,
    reject(description, code = 'invalid_client_metadata') {
      throw new OAuthError(code, description)
    },
    replacePolicies(replacement) {
      for (const name of replacement) getPolicy(name, policies)
      decided.policies = [...replacement]
    },
    issueRegistrationAccessToken(issue) {
      decided.issueRegistrationAccessToken = issue
    },
  }
  const limits: Limits = {
    limitAnonymousClients(perHour, perHost) {
      if (input.registration_method !== 'anonymous') return
      decided.perHour = perHour
      decided.perHost = perHost
    },
    limitClientsOfSoftware(max) {
      decided.perSoftware = max
    },
    limitClientsOfOwner(max) {
      const { owner, iss } = input
      if (owner === undefined)
        return context.reject('the token has no sub, and a policy limits the clients of each owner')
      decided.quota = { kind: 'owned_client', owner, iss, max }
    },
  }
  for (const name of names) {
    const found = getPolicy(name, policies)
    const declared = typeof found === 'function' ? { policy: found, limits: [] } : found
    const allowed = { ...context, ...declaredLimits(limits, declared) }
    await run(name, () => declared.policy(allowed, metadata))
  }
  const kept = Object.entries(metadata).filter(([, value]) => value !== undefined)
  return {
    metadata: Object.fromEntries(kept),
    policies: decided.policies,
    issueRegistrationAccessToken: decided.issueRegistrationAccessToken,
    quota: decided.quota,
    perHour: decided.perHour,
    perHost: decided.perHost,
    perSoftware: decided.perSoftware,
  }
}

/** The limits as this policy may call them: those that it does not declare throw an Error. */
function declaredLimits(limits: Limits, { limits: declared }: LimitingPolicy): Limits {
  const limit = <Name extends keyof Limits>(name: Name): Limits[Name] =>
    declared.includes(name)
      ? limits[name]
      : () => {
          throw new Error(`${name} is not in the declared limits of this policy`)
        }
  return {
    limitAnonymousClients: limit('limitAnonymousClients'),
    limitClientsOfSoftware: limit('limitClientsOfSoftware'),
    limitClientsOfOwner: limit('limitClientsOfOwner'),
  }
}

function getPolicy(name: string, policies: Policies): Policy | LimitingPolicy {
  const policy = policies.get(name)
  if (policy !== undefined) return policy
  throw new OAuthError('server_error', 'a policy of this request does not exist', {
    cause: new Error(`policy ${name} does not exist`),
  })
}

/** Runs one policy; any exception but an OAuthError is a server error that names the policy. */
async function run(name: string, policy: () => void | Promise<void>) {
  try {
    await withTimeout(name, policy())
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
