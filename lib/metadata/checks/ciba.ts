import { cibaGrant } from '../grants.ts'
import { deliveryModes } from '../members/ciba.ts'
import type { Check } from './check.ts'

export const cibaChecks = {
  /** "REQUIRED": backchannel_token_delivery_mode, with the CIBA grant. */
  deliveryModeForCiba: ({ grant_types, backchannel_token_delivery_mode: mode }) =>
    grant_types.includes(cibaGrant) && mode === undefined
      ? `backchannel_token_delivery_mode: expected ${deliveryModes.expects} for the CIBA grant`
      : undefined,
  /** "REQUIRED if the token delivery mode is set to ping or push." */
  endpointForNotification: ({ backchannel_token_delivery_mode: mode, ...metadata }) =>
    (mode === 'ping' || mode === 'push') &&
    metadata.backchannel_client_notification_endpoint === undefined
      ? `backchannel_client_notification_endpoint: needed for delivery mode ${mode}`
      : undefined,
} satisfies Record<string, Check>
