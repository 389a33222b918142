import { described } from '../settings/setting.ts'
import { group, integer } from '../settings/values.ts'
import { configurablePolicy } from './define-policy.ts'

/** Limits the number of clients per `software_id`; those without one are not counted. */
export const maximumClientsPerSoftware = configurablePolicy({
  name: 'maximum-clients-per-software',
  settings: described(
    'limit the clients of each `software_id`',
    group({ max: described('maximum clients per `software_id`', integer(1, 1_000_000)) }),
  ),
  policy: ({ max }) => ({
    limits: ['limitClientsOfSoftware'],
    policy(context) {
      if (context.operation === 'register') context.limitClientsOfSoftware(max)
    },
  }),
})
