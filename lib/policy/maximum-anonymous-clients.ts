import { described, optionalSetting } from '../settings/setting.ts'
import { group, integer } from '../settings/values.ts'
import { configurablePolicy } from './define-policy.ts'

/** Limits registrations without a token per hour; those with a token are not counted. */
export const maximumAnonymousClients = configurablePolicy({
  name: 'maximum-anonymous-clients',
  settings: described(
    'limit registrations without a token',
    group({
      perHour: described('maximum registrations per hour', integer(1, 1_000_000)),
      perHost: optionalSetting(
        'maximum registrations per hour for one redirect host; loopback counts as one host, and private-use schemes as another',
        integer(1, 1_000_000),
      ),
    }),
  ),
  policy: ({ perHour, perHost }) => ({
    limits: ['limitAnonymousClients'],
    policy: (context) => context.limitAnonymousClients(perHour, perHost),
  }),
})
