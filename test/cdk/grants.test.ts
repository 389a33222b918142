import { describe, expect, test } from 'vitest'
import { ofType, synthesized } from './synthesized.ts'

type Statement = {
  readonly Action: string | string[]
  readonly Effect: string
  readonly Resource: unknown
  readonly Condition?: Record<string, Record<string, string[]>>
}

const template = synthesized({ initialAccessToken: { static: true } })

/** `actions on resource [keys]` of each statement of a Lambda's policy. */
function granted(lambda: string): string[] {
  const [policy] = ofType(template, 'AWS::IAM::Policy').filter(([id]) =>
    id.startsWith(`Service${lambda}`),
  )
  const document = policy?.[1].Properties.PolicyDocument as { Statement: Statement[] } | undefined
  return (document?.Statement ?? []).map(({ Action, Effect, Resource, Condition }) => {
    expect(Effect).toBe('Allow')
    const keys = Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys']
    return `${[Action].flat().sort().join(' ')} on ${named(Resource)}${keys ? ` [${keys}]` : ''}`
  })
}

const named = (resource: unknown) =>
  [...JSON.stringify(resource).matchAll(/Service(\w+?)[0-9A-F]{8}|\/index\/[\w-]+|\*/g)]
    .map(([all, id]) => id ?? all)
    .join(' ')

describe('each Lambda may do only its own work', () => {
  test.each([
    [
      'RegisterClient',
      [
        'logs:CreateLogStream logs:PutLogEvents on RegisterClientLog',
        'dynamodb:PutItem on Table [CLIENT#*]',
        'dynamodb:GetItem dynamodb:UpdateItem on Table [IAT#*]',
        'secretsmanager:GetSecretValue on SecretsKeyRing SecretsMasterToken SecretsStaticInitialAccessToken',
        'secretsmanager:BatchGetSecretValue on *',
      ],
    ],
    [
      'ClientConfiguration',
      [
        'logs:CreateLogStream logs:PutLogEvents on ClientConfigurationLog',
        'dynamodb:DeleteItem dynamodb:GetItem dynamodb:UpdateItem on Table [CLIENT#*]',
        'dynamodb:UpdateItem on Table [OWNER#*]',
        'secretsmanager:GetSecretValue on SecretsKeyRing',
      ],
    ],
    [
      'InitialAccessTokens',
      [
        'logs:CreateLogStream logs:PutLogEvents on InitialAccessTokensLog',
        'dynamodb:BatchGetItem dynamodb:DeleteItem dynamodb:PutItem on Table [IAT#*]',
        'dynamodb:GetItem on Table [CLIENT#*]',
        'dynamodb:Query on Table /index/listing [IAT#*]',
        'secretsmanager:GetSecretValue on SecretsMasterToken',
      ],
    ],
    [
      'Clients',
      [
        'logs:CreateLogStream logs:PutLogEvents on ClientsLog',
        'dynamodb:BatchGetItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:UpdateItem on Table [CLIENT#*]',
        'dynamodb:UpdateItem on Table [OWNER#*]',
        'dynamodb:Query on Table /index/listing [CLIENT#*,LABELLED#*]',
        'dynamodb:Query on Table /index/by-initial-access-token Table /index/by-label Table /index/by-owner Table /index/by-software',
        'secretsmanager:GetSecretValue on SecretsKeyRing SecretsMasterToken',
        'secretsmanager:BatchGetSecretValue on *',
      ],
    ],
    ['Discovery', ['logs:CreateLogStream logs:PutLogEvents on DiscoveryLog']],
    [
      'EventsPublishEvents',
      [
        'logs:CreateLogStream logs:PutLogEvents on EventsPublishEventsLog',
        'dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator dynamodb:ListStreams on Table *',
        'events:PutEvents on ',
        'sqs:SendMessage on EventsDeadLetters',
      ],
    ],
  ])('%s', (lambda, statements) => {
    expect(granted(lambda)).toEqual(statements)
  })

  test('no role has a managed policy', () => {
    const roles = ofType(template, 'AWS::IAM::Role')
    expect(roles).toHaveLength(6)
    for (const [, { Properties }] of roles) {
      expect(Properties).not.toHaveProperty('ManagedPolicyArns')
    }
  })
})
