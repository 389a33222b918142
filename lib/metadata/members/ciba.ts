import { publicHttpsUri } from '../rules/public-uri.ts'
import {
  boolean,
  InvalidValue,
  type Member,
  type MemberDocs,
  oneOf,
  type Rule,
} from '../rules/rule.ts'
import { supported } from '../rules/supported.ts'

export const deliveryModes = oneOf('poll', 'ping', 'push')
const supportedModes = supported('backchannel_token_delivery_modes_supported')

const deliveryMode: Rule<string> = {
  ...supportedModes,
  expects: deliveryModes.expects,
  parse: (value, settings) => supportedModes.parse(deliveryModes.parse(value, settings), settings),
}

/**
 * "This parameter only applies when OP parameter backchannel_user_code_parameter_supported is
 * true."
 */
const userCode: Rule<boolean> = {
  expects: boolean.expects,
  parse(value, settings) {
    const { backchannelUserCodeParameter, unsupported } = settings.metadata
    const requested = boolean.parse(value, settings)
    if (!requested || backchannelUserCodeParameter) return requested
    if (unsupported === 'narrow') return undefined
    throw new InvalidValue('not supported; supported: false')
  },
}

/** OpenID Connect Client-Initiated Backchannel Authentication Flow, Core 1.0 §4 */
export const ciba = {
  backchannel_token_delivery_mode: { rule: deliveryMode },
  backchannel_client_notification_endpoint: { rule: publicHttpsUri },
  backchannel_authentication_request_signing_alg: {
    rule: supported('backchannel_authentication_request_signing_alg_values_supported'),
  },
  backchannel_user_code_parameter: { rule: userCode },
} satisfies Record<string, Member<unknown>>

const core = 'CIBA Core 1.0 §4'

export const cibaDocs = {
  backchannel_token_delivery_mode: { section: core },
  backchannel_client_notification_endpoint: { section: core },
  backchannel_authentication_request_signing_alg: { section: core, omitted: 'unsigned requests' },
  backchannel_user_code_parameter: { section: core, omitted: 'false' },
} satisfies MemberDocs<typeof ciba>
