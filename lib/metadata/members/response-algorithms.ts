import type { Member } from '../rules/rule.ts'
import { supported } from '../rules/supported.ts'
import type { responses } from '../supported-values.ts'

type Response = (typeof responses)[number]

type ResponseMembers<Name extends Response> = {
  readonly [MemberName in
    | `${Name}_signed_response_alg`
    | `${Name}_encrypted_response_alg`
    | `${Name}_encrypted_response_enc`]: Member<string>
}

/**
 * The three members for one kind of JWT that the server issues to the client: its signing
 * algorithm, its key management algorithm and its content encryption. Every specification of such a
 * JWT uses the same naming pattern.
 */
export const responseAlgorithms = <Name extends Response>(response: Name) =>
  ({
    [`${response}_signed_response_alg`]: {
      rule: supported(`${response}_signing_alg_values_supported`),
    },
    [`${response}_encrypted_response_alg`]: {
      rule: supported(`${response}_encryption_alg_values_supported`),
    },
    [`${response}_encrypted_response_enc`]: {
      rule: supported(`${response}_encryption_enc_values_supported`),
    },
  }) as ResponseMembers<Name> // the compiler does not follow computed names
