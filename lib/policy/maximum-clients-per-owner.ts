import { described } from '../settings/setting.ts'
import { group, integer } from '../settings/values.ts'
import { configurablePolicy } from './define-policy.ts'

/** Limits the number of clients per owner; rejects registrations without an owner. */
export const maximumClientsPerOwner = configurablePolicy({
  name: 'maximum-clients-per-owner',
  settings: described(
    'limit the clients of each owner',
    group({ max: described('maximum clients per owner', integer(1, 1_000_000)) }),
  ),
  policy: ({ max }) => ({
    limits: ['limitClientsOfOwner'],
    policy(context) {
      if (context.operation === 'register') context.limitClientsOfOwner(max)
    },
  }),
  contradictions: ({ registration }) =>
    registration === 'dynamic'
      ? [
          'policies: maximum-clients-per-owner contradicts registration: dynamic; it rejects registrations without a token. Name it in initial access tokens, or use maximum-anonymous-clients',
        ]
      : [],
})
