import { App, Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { describe, expect, test } from 'vitest'
import { ClientRegistrationService } from '../../cdk/client-registration-service.ts'
import type { StageSettingsInput } from '../../cdk/settings/settings.ts'
import { propertiesOf } from './resources.ts'
import { ofType, synthesized } from './synthesized.ts'

/** Whatever a resource is called by in the account, by the property that says so. */
const nameProperties = [
  'Name',
  'AlarmName',
  'DashboardName',
  'LogGroupName',
  'TableName',
  'FunctionName',
  'RoleName',
  'QueueName',
  'TopicName',
  'PolicyName',
]

const named = ['Alarm', 'Dashboard', 'LogGroup', 'QueryDefinition', 'Api', 'WebACL', 'Policy']

/** Two services of the same settings in one stack of a team's own. */
function two(settings: StageSettingsInput) {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } })
  const stack = new Stack(app, 'Team', { env: { region: 'eu-central-1' } })
  for (const id of ['Partners', 'Customers']) new ClientRegistrationService(stack, id, { settings })
  return { app, template: Template.fromStack(stack) }
}

describe('two services in one stack', () => {
  const { template } = two({})
  const namesOf = (of: Template) =>
    Object.values(of.toJSON().Resources as Record<string, Resource>).flatMap(
      ({ Type, Properties = {} }) =>
        nameProperties
          .filter((property) => typeof Properties[property] === 'string')
          .filter(() => named.some((type) => Type.endsWith(`::${type}`)))
          .map((property) => `${Type} ${Properties[property]}`),
    )

  test('share no name', () => {
    const names = namesOf(template)
    expect(names.length).toBeGreaterThan(40)
    expect([...new Set(names)]).toEqual(names)
  })

  test('share no metric', () => {
    const stages = propertiesOf(template, 'AWS::Lambda::Function').flatMap(({ Environment }) => {
      const { Variables } = Environment as { Variables: { STAGE?: string } }
      return Variables.STAGE ?? []
    })
    expect([...new Set(stages)]).toEqual(['Team-Partners', 'Team-Customers'])
    const alarms = ofType(template, 'AWS::CloudWatch::Alarm')
    for (const name of ['Partners', 'Customers']) {
      const own = alarms.filter(([id]) => id.startsWith(name))
      const dimensions = JSON.stringify(own.map(([, { Properties }]) => Properties))
      expect(dimensions).toContain(`"Value":"Team-${name}"`)
      expect(dimensions.match(/"Value":"Team-\w+"/g)).not.toContain(
        `"Value":"Team-${name === 'Partners' ? 'Customers' : 'Partners'}"`,
      )
    }
  })

  test('each have their own web ACL, where it is in a separate stack', () => {
    const { app } = two({ firewall: { enabled: true } })
    const stacks = app.node.children.filter((child) => child instanceof Stack)
    expect(stacks.map(({ stackName }) => stackName)).toEqual([
      'Team',
      'Team-Partners-Firewall',
      'Team-Customers-Firewall',
    ])
  })
})

describe('a stage of cdk.json', () => {
  test('is called as its stack, whatever it names', () => {
    const template = synthesized()
    const [api] = propertiesOf(template, 'AWS::ApiGatewayV2::Api')
    const [dashboard] = propertiesOf(template, 'AWS::CloudWatch::Dashboard')
    expect([api?.Name, dashboard?.DashboardName]).toEqual(Array(2).fill('ClientRegistration-test'))
  })

  test('has its access log among those that AWS services write, which need no policy each', () => {
    const names = propertiesOf(synthesized(), 'AWS::Logs::LogGroup').flatMap(
      ({ LogGroupName }) => LogGroupName ?? [],
    )
    expect(names).toEqual([
      expect.stringMatching(/^\/aws\/vendedlogs\/ClientRegistration-test-[0-9a-f]{8}$/),
    ])
  })
})

type Resource = { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }
