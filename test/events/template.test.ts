import { App, Stack } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { EventBus } from 'aws-cdk-lib/aws-events'
import { describe, expect, test } from 'vitest'
import { RegistrationStack } from '../../cdk/registration-stack.ts'
import { requestTimeoutMs as publishing } from '../../lib/adapters/eventbridge/event-bus.ts'
import { requestTimeoutMs as keeping } from '../../lib/adapters/sqs/dead-letter-queue.ts'
import { ofType, synthesized } from '../cdk/synthesized.ts'

const template = synthesized()
const id = (name: string) => Match.stringLikeRegexp(`^ServiceEvents${name}`)
const table = Match.stringLikeRegexp('^ServiceTable')
const stream = { 'Fn::GetAtt': [table, 'StreamArn'] }

describe('the event source mapping', () => {
  test('sends again what failed, in order, from where the stream begins', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: stream,
      FunctionName: { Ref: id('PublishEvents') },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 5,
      BisectBatchOnFunctionError: true,
      ParallelizationFactor: 1,
      StartingPosition: 'TRIM_HORIZON',
      MaximumRecordAgeInSeconds: 12 * 3600,
      MaximumRetryAttempts: 10_000,
      DestinationConfig: {
        OnFailure: { Destination: { 'Fn::GetAtt': [id('DeadLetters'), 'Arn'] } },
      },
    })
    template.resourceCountIs('AWS::Lambda::EventSourceMapping', 1)
  })

  test('is made only once its role may read the stream', () => {
    const [lambda] = ofType(template, 'AWS::Lambda::Function').filter(([name]) =>
      name.startsWith('ServiceEventsPublishEvents'),
    )
    expect(lambda?.[1]).toMatchObject({
      DependsOn: expect.arrayContaining([
        expect.stringMatching(/^ServiceEventsPublishEventsRoleDefaultPolicy/),
      ]),
    })
  })
})

describe('the timeout of publish-events', () => {
  test('is longer than EventBridge and the dead-letter queue may take together, by two seconds', () => {
    const [lambda] = ofType(template, 'AWS::Lambda::Function').filter(([name]) =>
      name.startsWith('ServiceEventsPublishEvents'),
    )
    const seconds = Number(lambda?.[1].Properties.Timeout)
    expect(seconds * 1000).toBeGreaterThanOrEqual(publishing + keeping + 2_000)
  })
})

describe('the dead-letter queue', () => {
  test('is named to publish-events', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({ DEAD_LETTER_QUEUE_URL: { Ref: id('DeadLetters') } }),
      },
    })
  })

  test('is encrypted and keeps dead letters for fourteen days', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 14 * 24 * 3600,
    })
  })

  test('is reached by TLS only', () => {
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({
            Action: 'sqs:*',
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ],
      },
    })
  })
})

describe('the role of publish-events', () => {
  const allowed = (resource: unknown, ...Action: string[]) => ({
    Effect: 'Allow',
    Action: Action.length === 1 ? Action[0] : Action,
    Resource: resource,
  })

  const statements = (bus: unknown) => ({
    PolicyDocument: {
      Statement: [
        Match.objectLike({ Action: ['logs:CreateLogStream', 'logs:PutLogEvents'] }),
        allowed(
          { 'Fn::Join': ['', [{ 'Fn::GetAtt': [table, 'Arn'] }, '/stream/*']] },
          'dynamodb:DescribeStream',
          'dynamodb:GetRecords',
          'dynamodb:GetShardIterator',
          'dynamodb:ListStreams',
        ),
        {
          ...allowed(bus, 'events:PutEvents'),
          Condition: { 'ForAllValues:StringEquals': { 'events:source': 'client-registration' } },
        },
        allowed({ 'Fn::GetAtt': [id('DeadLetters'), 'Arn'] }, 'sqs:SendMessage'),
      ],
    },
  })

  test("may read this table's stream, publish as itself on the default bus, send to this queue, and nothing else", () => {
    const bus = { 'Fn::Join': ['', Match.arrayWith([':event-bus/default'])] }
    template.hasResourceProperties('AWS::IAM::Policy', statements(bus))
  })

  test('may publish on the bus that the construct is given, and no other', () => {
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } })
    const eventBus = new EventBus(new Stack(app, 'Team'), 'Bus')
    const stack = new RegistrationStack(app, 'OnBus', { settings: {}, eventBus })
    const onBus = Template.fromStack(stack)
    const imported = { 'Fn::ImportValue': Match.stringLikeRegexp('^Team:') }
    onBus.hasResourceProperties('AWS::IAM::Policy', statements(imported))
    onBus.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ EVENT_BUS_ARN: imported }) },
    })
  })
})
