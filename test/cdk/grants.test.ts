import { describe, expect, test } from 'vitest'
import { endpointIds } from './resources.ts'
import { ofType, synthesized } from './synthesized.ts'

type Statement = {
  readonly Action: string | string[]
  readonly Effect: string
  readonly Resource: unknown
  readonly Condition?: Record<string, Record<string, string[]>>
}

const template = synthesized({ initialAccessToken: { static: true } })

const statementsOf = (lambda: string, of = template) =>
  ofType(of, 'AWS::IAM::Policy')
    .filter(([id]) => id.startsWith(`Service${lambda}RoleDefaultPolicy`))
    .flatMap(([, { Properties }]) => {
      const { Statement } = Properties.PolicyDocument as { readonly Statement: Statement[] }
      return Statement
    })

const keysOf = ({ Condition }: Statement) =>
  Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys']

/** `actions on resource [keys]` of each statement of a Lambda's policy. */
function granted(lambda: string): string[] {
  return statementsOf(lambda).map((statement) => {
    const { Action, Effect, Resource } = statement
    expect(Effect).toBe('Allow')
    const keys = keysOf(statement)
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
        'dynamodb:PutItem on Table [CLIENT#*,IDEMPOTENCY#*]',
        'dynamodb:GetItem on Table [IAT#*,IDEMPOTENCY#*]',
        'dynamodb:UpdateItem on Table [IAT#*]',
        'secretsmanager:GetSecretValue on SecretsClientSecretKeyRing SecretsKeyRing SecretsMasterToken SecretsStaticInitialAccessToken',
        'secretsmanager:BatchGetSecretValue on *',
      ],
    ],
    [
      'ClientConfiguration',
      [
        'logs:CreateLogStream logs:PutLogEvents on ClientConfigurationLog',
        'dynamodb:DeleteItem dynamodb:GetItem on Table [CLIENT#*]',
        'dynamodb:UpdateItem on Table [CLIENT#*,OWNER#*]',
        'secretsmanager:GetSecretValue on SecretsClientSecretKeyRing SecretsKeyRing',
        'secretsmanager:BatchGetSecretValue on *',
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
        'dynamodb:BatchGetItem dynamodb:DeleteItem dynamodb:GetItem on Table [CLIENT#*]',
        'dynamodb:UpdateItem on Table [CLIENT#*,OWNER#*]',
        'dynamodb:Query on Table /index/listing [CLIENT#*,LABELLED#*,PENDING#*]',
        'dynamodb:Query on Table /index/by-initial-access-token Table /index/by-label Table /index/by-owner Table /index/by-software',
        'secretsmanager:GetSecretValue on SecretsKeyRing SecretsMasterToken',
        'secretsmanager:BatchGetSecretValue on *',
      ],
    ],
    [
      'ClientSecrets',
      [
        'logs:CreateLogStream logs:PutLogEvents on ClientSecretsLog',
        'dynamodb:GetItem dynamodb:UpdateItem on Table [CLIENT#*]',
        'secretsmanager:GetSecretValue on SecretsClientSecretKeyRing SecretsKeyRing SecretsMasterToken',
        'secretsmanager:BatchGetSecretValue on *',
      ],
    ],
    [
      'ClientsUsed',
      [
        'logs:CreateLogStream logs:PutLogEvents on ClientsUsedLog',
        'dynamodb:BatchGetItem dynamodb:UpdateItem on Table [CLIENT#*]',
        'secretsmanager:GetSecretValue on SecretsMasterToken',
      ],
    ],
    [
      'DisableClients',
      [
        'logs:CreateLogStream logs:PutLogEvents on DisableClientsLog',
        'dynamodb:GetItem dynamodb:PutItem on Table [JOB#*]',
        'dynamodb:BatchGetItem on Table [JOB#*,CLIENT#*]',
        'dynamodb:UpdateItem on Table [CLIENT#*]',
        'dynamodb:Query on Table /index/listing [CLIENT#*,LABELLED#*,PENDING#*,JOB#*]',
        'dynamodb:Query on Table /index/by-owner Table /index/by-software',
        'secretsmanager:GetSecretValue on SecretsMasterToken',
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
  ])('%s is granted exactly its own work', (lambda, statements) => {
    expect(granted(lambda)).toEqual(statements)
  })

  test('each action on an item is in one statement with all its keys, so that a transaction passes however it is judged', () => {
    const of = synthesized({
      signedRequest: { issuers: [{ issuer: 'https://a.example', jwksUri: 'https://a.example/k' }] },
      policySettings: { 'maximum-clients-per-owner': { max: 3 } },
    })
    const onItems = (lambda: string) =>
      statementsOf(lambda, of)
        .filter(({ Resource }) => named(Resource) === 'Table')
        .flatMap((statement) =>
          [statement.Action].flat().map((action) => `${action} ${keysOf(statement)}`),
        )
    expect(onItems('RegisterClient')).toEqual([
      'dynamodb:PutItem CLIENT#*,IDEMPOTENCY#*,JTI#*',
      'dynamodb:GetItem IAT#*,IDEMPOTENCY#*',
      'dynamodb:UpdateItem IAT#*,OWNER#*',
    ])
    expect(onItems('ClientConfiguration').sort()).toEqual([
      'dynamodb:DeleteItem CLIENT#*',
      'dynamodb:GetItem CLIENT#*',
      'dynamodb:PutItem JTI#*',
      'dynamodb:UpdateItem CLIENT#*,OWNER#*',
    ])
  })

  test('no role has a managed policy', () => {
    const roles = ofType(template, 'AWS::IAM::Role')
    expect(roles).toHaveLength(endpointIds.length + 1)
    for (const [, { Properties }] of roles) {
      expect(Properties).not.toHaveProperty('ManagedPolicyArns')
    }
  })
})
