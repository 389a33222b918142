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
 * The three members by which a client says how one kind of JWT is made for it: signed, encrypted to its key, and with
 * what content encryption. Every specification of such a JWT names them alike.
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
