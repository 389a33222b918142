import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ofType, synthesized } from '../cdk/synthesized.ts'
import { dashboardBody } from './dashboard-body.ts'
import { drawDashboard, picture } from './draw-dashboard.ts'

const template = synthesized({ log: { level: 'warn', retention: 7 } })
const alarms = ofType(template, 'AWS::CloudWatch::Alarm')
const readme = readFileSync(new URL('../../cdk/README.md', import.meta.url), 'utf8')

/** The statements of a policy document. */
const statementsOf = (document: unknown) =>
  (document as { readonly Statement?: readonly object[] } | undefined)?.Statement

describe('alarms', () => {
  const names = alarms.map(([, { Properties }]) =>
    String(Properties.AlarmName).replace('ClientRegistration-test-', ''),
  )

  test('there is one for each thing that would hurt', () => {
    expect(names.sort()).toEqual([
      'AuthorizationFailures',
      'DeadLetters',
      'EventLag',
      'LambdaErrors',
      'LambdaThrottles',
      'Latency',
      'ServerErrors',
      'TableErrors',
      'TableThrottles',
    ])
  })

  test('each says what to do, tells the one topic when it goes off and when it is over', () => {
    const [topic, ...others] = ofType(template, 'AWS::SNS::Topic')
    expect(others).toEqual([])
    const told = [{ Ref: topic?.[0] }]
    for (const [, { Properties }] of alarms) {
      expect(String(Properties.AlarmDescription).length).toBeGreaterThan(80)
      expect(Properties).toMatchObject({ AlarmActions: told, OKActions: told })
    }
    template.hasOutput('AlarmTopic', { Value: { Ref: topic?.[0] } })
  })

  test('no data is no alarm: nobody uses the service at that time', () => {
    for (const [, { Properties }] of alarms)
      expect(Properties.TreatMissingData).toBe('notBreaching')
  })

  test('none adds up more metrics than an alarm may', () => {
    for (const [, { Properties }] of alarms)
      expect((Properties.Metrics as unknown[] | undefined)?.length ?? 1).toBeLessThanOrEqual(10)
  })

  test('each has its paragraph for whoever is called', () => {
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

  test('its picture is the one that `node test/operate/draw-dashboard.ts` draws now', () => {
    expect(readFileSync(picture, 'utf8')).toBe(drawDashboard())
    expect(readme).toContain('](dashboard.svg)')
  })
})

describe('logs', () => {
  test('are kept and written as the settings say', () => {
    const groups = ofType(template, 'AWS::Logs::LogGroup')
    for (const [, { Properties }] of groups) expect(Properties.RetentionInDays).toBe(7)
    for (const [, { Properties }] of ofType(template, 'AWS::Lambda::Function'))
      expect(Properties.Environment).toMatchObject({ Variables: { POWERTOOLS_LOG_LEVEL: 'WARN' } })
  })

  test('saved queries stand in a folder of the stack, over the logs of every endpoint', () => {
    const queries = ofType(template, 'AWS::Logs::QueryDefinition')
    expect(queries.map(([, { Properties }]) => Properties.Name).sort()).toEqual([
      'ClientRegistration-test/failures by error',
      "ClientRegistration-test/one client's history",
      'ClientRegistration-test/registrations by owner',
      'ClientRegistration-test/slowest requests',
    ])
    for (const [, { Properties }] of queries) {
      expect(Properties.LogGroupNames).toHaveLength(5)
      expect(Properties.QueryString).toMatch(/^filter message = "request"\n/)
    }
  })
})
