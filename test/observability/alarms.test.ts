import { describe, expect, test } from 'vitest'
import { endpointIds } from '../cdk/resources.ts'
import { ofType, synthesized } from '../cdk/synthesized.ts'
import { accessLogFormat } from './system-lines.ts'
import { lineOf, partsOf } from './watched-metrics.ts'

const stack = 'ClientRegistration-test'
const alarms = ofType(synthesized(), 'AWS::CloudWatch::Alarm').map(
  ([, { Properties }]) => [String(Properties.AlarmName), Properties] as const,
)

const api = (name: string) => `AWS/ApiGateway ${name} ApiId=ServiceApiHttpApi`
const own = (name: string, code = '') =>
  `ClientRegistration ${name} ${code}service=client-registration stage=${stack}`
const publisher = 'FunctionName=ServiceEventsPublishEvents'
const ofEveryLambda = (name: string) =>
  endpointIds
    .map((id) => `AWS/Lambda ${name} FunctionName=Service${id}`)
    .concat(`AWS/Lambda ${name} ${publisher}`)
const ofEveryOperation = (name: string) =>
  [
    'GetItem',
    'BatchGetItem',
    'Query',
    'PutItem',
    'UpdateItem',
    'DeleteItem',
    'TransactWriteItems',
  ].map((operation) => `AWS/DynamoDB ${name} Operation=${operation} TableName=ServiceTable`)

type Expected = {
  readonly read: readonly string[]
  readonly from: number
  readonly statistic?: string
  readonly period?: number
  readonly periods?: readonly [breaching: number, of: number]
  readonly expression?: string
}

const expected: Readonly<Record<string, Expected>> = {
  ServerErrors: { read: [api('5xx')], from: 5 },
  SustainedServerErrors: { read: [api('5xx')], from: 1, periods: [3, 6] },
  Latency: { read: [api('Latency')], statistic: 'p99', from: 2_000, periods: [3, 3] },
  LambdaErrors: { read: ofEveryLambda('Errors'), from: 1 },
  LambdaThrottles: { read: ofEveryLambda('Throttles'), from: 1 },
  ApiThrottles: {
    read: [
      'ClientRegistration ThrottledRequests ApiId=ServiceApiHttpApi',
      api('4xx'),
      own('Rejections'),
    ],
    expression: 'MAX([FILL(logged, 0), FILL(answered, 0) - FILL(rejected, 0)])',
    from: 50,
  },
  TableThrottles: { read: ofEveryOperation('ThrottledRequests'), from: 5 },
  TableErrors: { read: ofEveryOperation('SystemErrors'), from: 5 },
  AuthorizationFailures: {
    read: ['invalid_token', 'missing_token', 'insufficient_scope'].map((code) =>
      own('Rejections', `code=${code} `),
    ),
    from: 50,
  },
  RotationConflicts: { read: [own('RotationConflicts')], from: 1 },
  EventLag: {
    read: [`AWS/Lambda IteratorAge ${publisher}`],
    statistic: 'Maximum',
    from: 60_000,
    periods: [2, 2],
  },
  EventsStopped: {
    read: [
      own('Registrations'),
      own('InitialAccessTokensIssued'),
      `AWS/Lambda Invocations ${publisher}`,
    ],
    expression: 'IF(FILL(registered, 0) + FILL(issued, 0) > 0 AND FILL(read, 0) == 0, 1, 0)',
    from: 1,
    period: 900,
    periods: [2, 16],
  },
  DeadLetters: {
    read: ['AWS/SQS ApproximateNumberOfMessagesVisible QueueName=ServiceEventsDeadLetters'],
    statistic: 'Maximum',
    from: 1,
  },
}

describe('alarms', () => {
  test('exist for each condition that matters, and no other', () => {
    const names = alarms.map(([name]) => name).sort()
    expect(names).toEqual(
      Object.keys(expected)
        .map((name) => `${stack}-${name}`)
        .sort(),
    )
  })

  test.each(Object.entries(expected))(
    'include %s, with its metrics and threshold',
    (name, { read, from, ...more }) => {
      const alarm = new Map(alarms).get(`${stack}-${name}`) ?? {}
      const { expression, read: parts } = partsOf(alarm)
      const { statistic = 'Sum', period = 300, periods: [breaching, of] = [1, 1] } = more
      expect(parts.map(({ metric }) => lineOf(metric))).toEqual(read)
      for (const part of parts) expect(part).toMatchObject({ statistic, period })
      const sum = `SUM([${parts.map(({ id }) => id).join(',')}])`
      expect(expression).toBe(more.expression ?? (parts.length > 1 ? sum : undefined))
      expect(alarm).toMatchObject({
        Threshold: from,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        EvaluationPeriods: of,
        DatapointsToAlarm: breaching,
        TreatMissingData: 'notBreaching',
      })
      // The names in the expression are those of the parts, in their order.
      if (name === 'EventsStopped')
        expect(parts.map(({ id }) => id)).toEqual(['registered', 'issued', 'read'])
      if (name === 'ApiThrottles')
        expect(parts.map(({ id }) => id)).toEqual(['logged', 'answered', 'rejected'])
    },
  )

  test('cover the Lambdas of the night and of events, where there are any', () => {
    const connector = {
      type: 'keycloak',
      url: 'https://login.example',
      realm: 'customers',
      clientId: 'client-registration',
      secretArn: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:keycloak-a1B2c3',
    } as const
    const cleanUp = { mode: 'observe' } as const
    const template = synthesized({
      cleanUp,
      useEventSource: 'login.example',
      connectors: [connector],
      region: 'eu-central-1',
      firewall: { enabled: true },
    })
    const added = new Map(
      ofType(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => [
        String(Properties.AlarmName).slice(stack.length + 1),
        Properties,
      ]),
    )
    const readBy = (name: string) =>
      partsOf(added.get(name) ?? {}).read.map(({ metric }) => lineOf(metric))
    const lambdas = ['LifeCleanUp', 'UseRecordUse', 'PushPushClients', 'PushReconcileClients']
    expect(readBy('BackgroundErrors')).toEqual(
      lambdas.map((id) => `AWS/Lambda Errors FunctionName=Service${id}`),
    )
    expect(readBy('ClientDrift')).toEqual([own('ClientDrift')])
    expect(added.get('ClientDrift')).toMatchObject({ Threshold: 1 })
    expect(readBy('LambdaErrors').length).toBeLessThanOrEqual(10)
  })

  test('have the thresholds of the settings, or do not exist', () => {
    const names = Object.keys(expected).map((name) => name[0]?.toLowerCase() + name.slice(1))
    const keys = names.map((name) => (name === 'latency' ? 'latencyMs' : name))
    const high = Object.fromEntries(keys.map((key) => [key, key === 'eventsStopped' ? true : 77]))
    const alarmsOf = (settings: object) =>
      ofType(synthesized({ alarms: settings }), 'AWS::CloudWatch::Alarm')
    expect(alarmsOf(high).map(([, { Properties }]) => Properties.Threshold)).toEqual(
      names.map((name) => ({ eventsStopped: 1, eventLag: 77_000 })[name] ?? 77),
    )
    expect(alarmsOf(Object.fromEntries(keys.map((key) => [key, false])))).toEqual([])
  })

  test('exist for a user pool of Cognito that fills up', () => {
    const template = synthesized({
      clientSecret: { alphabet: 'alphanumeric', bytes: 47 },
      connectors: [
        {
          type: 'cognito',
          userPoolArn: 'arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_AbC123',
        },
      ],
    })
    const more = ofType(template, 'AWS::CloudWatch::Alarm')
      .map(([, { Properties }]) => Properties)
      .find(({ AlarmName }) => AlarmName === `${stack}-UserPoolUsage`)
    expect(more).toMatchObject({ Threshold: 80, MetricName: 'UserPoolUsage', Statistic: 'Maximum' })
  })

  test('do not exist where the settings turn them off, nor topic, key or output', () => {
    const template = synthesized({ alarms: { enabled: false } })
    for (const type of ['AWS::CloudWatch::Alarm', 'AWS::SNS::Topic', 'AWS::KMS::Key'])
      expect(ofType(template, type)).toEqual([])
    expect(template.toJSON().Outputs).not.toHaveProperty('AlarmTopic')
    expect(ofType(template, 'AWS::CloudWatch::Dashboard')).toHaveLength(1)
  })

  test('use the topic of the team in place of a new one', () => {
    const topic = 'arn:aws:sns:eu-central-1:123456789012:on-call'
    const template = synthesized({ alarms: { topic } })
    expect(ofType(template, 'AWS::SNS::Topic')).toEqual([])
    for (const [, { Properties }] of ofType(template, 'AWS::CloudWatch::Alarm'))
      expect(Properties).toMatchObject({ AlarmActions: [topic], OKActions: [topic] })
    template.hasOutput('AlarmTopic', { Value: topic })
  })

  test('count in the access log what API Gateway throttles', () => {
    const filters = ofType(synthesized(), 'AWS::Logs::MetricFilter')
    expect(filters.map(([, { Properties }]) => Properties)).toMatchObject([
      {
        LogGroupName: { Ref: expect.stringMatching(/^ServiceApiAccessLog/) },
        FilterPattern: '{ ($.status = "429") && ($.integrationStatus = "-") }',
        MetricTransformations: [
          {
            MetricNamespace: 'ClientRegistration',
            MetricName: 'ThrottledRequests',
            MetricValue: '1',
            Dimensions: [{ Key: 'ApiId', Value: '$.api' }],
          },
        ],
      },
    ])
    expect(JSON.parse(accessLogFormat())).toMatchObject({
      api: '$context.apiId',
      status: '$context.status',
    })
  })
})
