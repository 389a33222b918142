import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { expect, test } from 'vitest'
import { RegistrationStack } from '../../cdk/registration-stack.ts'
import type { StageSettingsInput } from '../../cdk/settings/settings.ts'
import { endpointIds } from './resources.ts'
import { ofType } from './synthesized.ts'

const firewall = { enabled: true }
const region = 'eu-central-1'

/** The code of each bundled Lambda, as the hash of its files. */
function codeOf(settings: StageSettingsInput): Readonly<Record<string, unknown>> {
  const stack = new RegistrationStack(new App(), 'ClientRegistration-test', { settings })
  return Object.fromEntries(
    ofType(Template.fromStack(stack), 'AWS::Lambda::Function').map(([id, { Properties }]) => [
      id.replace(/^Service|[0-9A-F]{8}$/g, ''),
      (Properties.Code as { readonly S3Key: string }).S3Key,
    ]),
  )
}

const before = codeOf({ region, firewall })

test("a changed deployment option leaves every Lambda's code as it is", () => {
  const changed = codeOf({
    region: 'eu-west-1',
    firewall: { ...firewall, rate: 500 },
    throttle: { rate: 7, burst: 9 },
    log: { level: 'debug', retention: 90 },
    alarms: { latencyMs: 500 },
    cors: { origins: ['https://console.example'] },
    concurrency: { discovery: { reserved: 5 } },
    tracing: true,
  })
  expect(Object.keys(before)).toHaveLength(endpointIds.length + 2)
  expect(changed).toEqual(before)
})

test('a changed setting of the service changes the code of the Lambdas that read settings', () => {
  const after = codeOf({ region, firewall, registrationPath: '/oauth2/register' })
  const same = Object.keys(before).filter((name) => after[name] === before[name])
  expect(same.sort()).toEqual(['EventsPublishEvents', 'FirewallOriginAuthorize'])
})
