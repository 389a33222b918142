import { App, Stack } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { AccountRootPrincipal, type IGrantable, Role } from 'aws-cdk-lib/aws-iam'
import { describe, expect, test } from 'vitest'
import { ClientRegistrationService } from '../../cdk/client-registration-service.ts'
import type { StageSettingsInput } from '../../cdk/settings/settings.ts'
import { reportWrite, useWrite } from '../../lib/read/client-use.ts'
import { type Attempt, judgeOf } from './policy.ts'
import { variants } from './variants.ts'

const region = 'eu-central-1'

type Grant = (service: ClientRegistrationService, grantee: IGrantable) => void

const readClients: Grant = (service, grantee) => service.grantReadClients(grantee)
const readSecrets: Grant = (service, grantee) => service.grantReadClientSecrets(grantee)
const readSecretsFromBefore: Grant = (service, grantee) =>
  service.grantReadClientSecrets(grantee, { includeKeyRing: true })

const attempts: readonly Attempt[] = [
  ...['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'Scan'].flatMap(
    (action) =>
      ['Table', 'Table/index/listing'].flatMap((resource) =>
        ['CLIENT#x', 'IAT#x', 'JTI#x', 'OWNER#x', 'ANYTHING'].map((key) => ({
          action: `dynamodb:${action}`,
          resource,
          key,
        })),
      ),
  ),
  ...['SecretsClientSecretKeyRing', 'SecretsKeyRing', 'SecretsMasterToken'].flatMap((resource) =>
    ['GetSecretValue', 'PutSecretValue'].map((action) => ({
      action: `secretsmanager:${action}`,
      resource,
    })),
  ),
  { action: 'secretsmanager:BatchGetSecretValue', resource: '*' },
  ...['Decrypt', 'Encrypt', 'GenerateDataKey'].flatMap((action) =>
    ['dynamodb', 'secretsmanager', 's3'].map((service) => ({
      action: `kms:${action}`,
      resource: 'Key',
      viaService: `${service}.${region}.amazonaws.com`,
    })),
  ),
]

/** All that is allowed of what is attempted by a role of a team's own with this grant. */
function allowed(grant: Grant, settings: StageSettingsInput = {}): readonly string[] {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } })
  const stack = new Stack(app, 'Team', { env: { region } })
  const service = new ClientRegistrationService(stack, 'Service', { settings })
  // `judgeOf` finds the policies of roles that are named so.
  const role = new Role(stack, 'ServiceReaderRole', { assumedBy: new AccountRootPrincipal() })
  grant(service, role)
  return attempts
    .filter(judgeOf(Template.fromStack(stack), 'Reader'))
    .map(({ action, resource, key, viaService = '' }) =>
      [action.split(':')[1], resource, key, viaService.split('.')[0]].filter(Boolean).join(' '),
    )
}

const clients = 'GetItem Table CLIENT#x'
const secrets = 'GetSecretValue SecretsClientSecretKeyRing'
const includeKeyRing = 'GetSecretValue SecretsKeyRing'
const tableKey = 'Decrypt Key dynamodb'
const secretsKey = 'Decrypt Key secretsmanager'

describe('an authorization server that is granted', () => {
  test.each([
    ['clients', readClients, [clients], [tableKey]],
    ['their secrets, too,', readSecrets, [clients, secrets], [tableKey, secretsKey]],
    [
      'secrets from before, too,',
      readSecretsFromBefore,
      [clients, secrets, includeKeyRing],
      [tableKey, secretsKey],
    ],
  ] as const)('%s may read these and do nothing else', (_, grant, always, withKey) => {
    expect(allowed(grant)).toEqual(always)
    expect(allowed(grant, variants['a key of the stack'])).toEqual([...always, ...withKey])
  })
})

describe('an authorization server with an existing table and existing key rings', () => {
  test('is granted those', () => {
    const { existing } = variants['a table and both key rings of a stage before']
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } })
    const stack = new Stack(app, 'Team', { env: { region } })
    const service = new ClientRegistrationService(stack, 'Service', { settings: { existing } })
    const role = new Role(stack, 'ServiceReaderRole', { assumedBy: new AccountRootPrincipal() })
    service.grantReadClientSecrets(role)
    const judge = judgeOf(Template.fromStack(stack), 'Reader')
    const table = existing.table.replace(/\/stream.*/, '')
    const reads = (resource: string) => judge({ action: 'secretsmanager:GetSecretValue', resource })
    expect(judge({ action: 'dynamodb:GetItem', resource: table, key: 'CLIENT#x' })).toBe(true)
    expect(judge({ action: 'dynamodb:GetItem', resource: table, key: 'IAT#x' })).toBe(false)
    expect([existing.clientSecretKeyRing, existing.keyRing].map(reads)).toEqual([true, false])
  })
})

test('the right to record use names the attributes of a use, and no others', () => {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } })
  const stack = new Stack(app, 'Team', { env: { region } })
  const service = new ClientRegistrationService(stack, 'Service', { settings: {} })
  const role = new Role(stack, 'Login', { assumedBy: new AccountRootPrincipal() })
  service.grantRecordUse(role)
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    Roles: [{ Ref: Match.stringLikeRegexp('^Login') }],
    PolicyDocument: {
      Statement: [
        {
          Effect: 'Allow',
          Action: 'dynamodb:UpdateItem',
          Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ServiceTable'), 'Arn'] },
          Condition: {
            'ForAllValues:StringLike': {
              'dynamodb:LeadingKeys': ['CLIENT#*', 'STATE#use-reports'],
            },
            'ForAllValues:StringEquals': { 'dynamodb:Attributes': used() },
            Null: { 'dynamodb:Attributes': 'false' },
            StringEqualsIfExists: {
              'dynamodb:ReturnValues': ['NONE', 'UPDATED_OLD', 'UPDATED_NEW'],
            },
          },
        },
      ],
    },
  })
})

/** The attributes that the writes of a use name. */
function used(): readonly string[] {
  const writes = [useWrite('table', 'client-01', 1), reportWrite('table', 1)]
  const known = ['pk', 'last_used_at', 'stale_at', 'sequence', 'disabled_at', 'metadata']
  const text = JSON.stringify(writes)
  return known.filter((name) => text.includes(name))
}
