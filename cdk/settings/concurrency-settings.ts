import { optionalSetting, setting } from '../../lib/settings/setting.ts'
import { group, integer } from '../../lib/settings/values.ts'
import { type EndpointName, endpoints } from '../api/endpoints.ts'

const lambdaConcurrency = (description: string) =>
  setting(
    description,
    group({
      reserved: optionalSetting(
        'reserved concurrency: the maximum, reserved for this Lambda',
        integer(1, 100_000),
      ),
      provisioned: setting(
        'provisioned concurrency: instances kept initialized, to avoid cold starts',
        integer(0, 100_000),
        0,
      ),
    }),
    {},
  )

const ofEndpoints = Object.fromEntries(
  Object.entries(endpoints).map(([name, { description }]) => [
    name,
    lambdaConcurrency(description),
  ]),
) as Record<EndpointName, ReturnType<typeof lambdaConcurrency>>

/** Every Lambda of a stage, named after its file in functions/. */
export const concurrencySettings = group({
  ...ofEndpoints,
  'publish-events': lambdaConcurrency('publication of events'),
  'clean-up': lambdaConcurrency('clean-up of unused clients, with `cleanUp`; invoked once a night'),
  'push-clients': lambdaConcurrency('pushes of changed clients, with `connectors`'),
  'reconcile-clients': lambdaConcurrency(
    'comparison of clients with other servers, with `connectors`; invoked once a night',
  ),
  'record-use': lambdaConcurrency('reports of use as events, with `useEventSource`'),
  'authorize-origin': lambdaConcurrency(
    'authorization of CloudFront, with `firewall`; invoked about once an hour',
  ),
})
