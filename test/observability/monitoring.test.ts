import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { endpointIds } from '../cdk/resources.ts'
import { ofType, synthesized } from '../cdk/synthesized.ts'
import { dashboardBody } from './dashboard-body.ts'
import { nameOf } from './watched-metrics.ts'

const template = synthesized({ log: { level: 'warn', retention: 7 } })
const alarms = ofType(template, 'AWS::CloudWatch::Alarm')
const readme = readFileSync(new URL('../../cdk/README.md', import.meta.url), 'utf8')

const logicalId = (type: string, name: string) =>
  ofType(template, type).find(([id]) => id.startsWith(name))?.[0]

/** The statements of a policy document. */
const statementsOf = (document: unknown) =>
  (document as { readonly Statement?: readonly object[] } | undefined)?.Statement

describe('alarms', () => {
  const names = alarms.map(([, { Properties }]) =>
    String(Properties.AlarmName).replace('ClientRegistration-test-', ''),
  )

  test('say what to do, and notify the one topic when they go off and when it is over', () => {
    const [topic, ...others] = ofType(template, 'AWS::SNS::Topic')
    expect(others).toEqual([])
    const topics = [{ Ref: topic?.[0] }]
    for (const [, { Properties }] of alarms) {
      expect(String(Properties.AlarmDescription).length).toBeGreaterThan(80)
      expect(Properties).toMatchObject({ AlarmActions: topics, OKActions: topics })
    }
    template.hasOutput('AlarmTopic', { Value: { Ref: topic?.[0] } })
  })

  test('add up no more metrics than an alarm may', () => {
    for (const [, { Properties }] of alarms)
      expect((Properties.Metrics as unknown[] | undefined)?.length ?? 1).toBeLessThanOrEqual(10)
  })

  test('have a row each in the README', () => {
    for (const name of names) expect(readme).toContain(`| \`${name}\` |`)
  })
})

describe('the topic', () => {
  test('is encrypted by a key that CloudWatch may use for alarms of this account only', () => {
    const [key] = ofType(template, 'AWS::KMS::Key')
    template.hasResourceProperties('AWS::SNS::Topic', {
      KmsMasterKeyId: { 'Fn::GetAtt': [key?.[0], 'Arn'] },
    })
    expect(statementsOf(key?.[1].Properties.KeyPolicy)).toContainEqual({
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Resource: '*',
      Condition: {
        StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
        ArnLike: { 'aws:SourceArn': expect.anything() },
      },
    })
  })

  test('takes nothing without TLS', () => {
    const [policy] = ofType(template, 'AWS::SNS::TopicPolicy')
    expect(statementsOf(policy?.[1].Properties.PolicyDocument)).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Action: 'sns:Publish',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    )
  })
})

describe('the dashboard', () => {
  test('fills a grid of 24 columns, no widget over another', () => {
    const taken = new Set<string>()
    const { widgets } = dashboardBody()
    for (const { x, y, width, height } of widgets)
      for (let column = x; column < x + width; column += 1)
        for (let row = y; row < y + height; row += 1) {
          expect(taken.has(`${column},${row}`)).toBe(false)
          taken.add(`${column},${row}`)
        }
    const bottom = Math.max(...widgets.map(({ y, height }) => y + height))
    expect(taken.size).toBe(24 * bottom)
  })

  test('shows the errors of each Lambda by itself', () => {
    const graph = dashboardBody().widgets.find(({ properties }) =>
      properties.title.startsWith('Errors of each Lambda'),
    )
    const errors = graph?.properties.metrics?.filter(([, name]) => name === 'Errors')
    const lambdas = ofType(synthesized(), 'AWS::Lambda::Function').map(([id]) => nameOf({ id }))
    expect(errors?.map(([, , , name]) => name).sort()).toEqual(lambdas.sort())
  })
})

describe('logs', () => {
  test('are kept and written as the settings say', () => {
    const groups = ofType(template, 'AWS::Logs::LogGroup')
    for (const [, { Properties }] of groups) expect(Properties.RetentionInDays).toBe(7)
    for (const [, { Properties }] of ofType(template, 'AWS::Lambda::Function'))
      expect(Properties.Environment).toMatchObject({ Variables: { LOG_LEVEL: 'WARN' } })
  })

  test('have saved queries in a folder of the stack, each over the logs that it reads', () => {
    const queries = ofType(template, 'AWS::Logs::QueryDefinition')
    const over = queries.map(([, { Properties }]) => [
      Properties.Name,
      (Properties.LogGroupNames as unknown[]).length,
    ])
    expect(over.sort()).toEqual([
      ['ClientRegistration-test/failures by error', endpointIds.length + 1],
      ["ClientRegistration-test/one client's history", endpointIds.length],
      ['ClientRegistration-test/registrations by owner', endpointIds.length],
      ['ClientRegistration-test/rejections by address', 1],
      ['ClientRegistration-test/slowest requests', endpointIds.length],
    ])
  })

  test('are named by outputs, as is the dead-letter queue', () => {
    const refers = (type: string, name: string) => ({ Value: { Ref: logicalId(type, name) } })
    template.hasOutput('AccessLog', refers('AWS::Logs::LogGroup', 'ServiceApiAccessLog'))
    template.hasOutput('EventsLog', refers('AWS::Logs::LogGroup', 'ServiceEventsPublishEventsLog'))
    template.hasOutput('DeadLetterQueue', refers('AWS::SQS::Queue', 'ServiceEventsDeadLetters'))
  })
})
