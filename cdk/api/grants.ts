import { Stack } from 'aws-cdk-lib'
import type { IGrantable } from 'aws-cdk-lib/aws-iam'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { table } from '../../lib/adapters/dynamodb/table.ts'
import { useReportsKey } from '../../lib/read/client-use.ts'
import type { Settings } from '../../lib/settings/schema.ts'
import type { AnyClientTable } from '../client-table.ts'
import { hostSuffix } from '../options/require-region.ts'
import type { AnySecret } from '../secrets.ts'
import { suppressNag } from '../suppressions.ts'
import type { TableGrant } from './endpoints.ts'

/**
 * Adds IAM statements for these grants, limited to items with the given partition key prefixes.
 * Each action gets one statement for all its keys: IAM may evaluate a transaction per item, or per
 * action with the keys of all its items.
 */
export function grantTable(
  grantee: IGrantable,
  { tableArn }: AnyClientTable,
  grants: readonly TableGrant[],
) {
  const byAction = Map.groupBy(
    grants.flatMap(({ actions, ...items }) => actions.map((action) => ({ action, ...items }))),
    ({ action, on = [] }) => [action, ...on].join(' '),
  )
  for (const sameAction of byAction.values()) {
    const [{ action, on } = { action: '' }] = sameAction
    const keys = sameAction.flatMap((items) => items.keys ?? [])
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: [`dynamodb:${action}`],
        resources: on?.map((index) => `${tableArn}/index/${index}`) ?? [tableArn],
        ...(keys.length > 0 && {
          conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } },
        }),
      }),
    )
  }
}

/** The attributes that `useWrite` and `reportWrite` name (lib/read/client-use.ts). */
const useAttributes = [table.partitionKey, 'last_used_at', 'stale_at', 'sequence']

/**
 * Grants the writes that record a use, and no other. `Null` keeps out a request without attributes,
 * which `ForAllValues` would let pass.
 */
export function grantUseWrites(grantee: IGrantable, { tableArn }: AnyClientTable) {
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['dynamodb:UpdateItem'],
      resources: [tableArn],
      conditions: {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['CLIENT#*', useReportsKey.pk] },
        'ForAllValues:StringEquals': { 'dynamodb:Attributes': useAttributes },
        Null: { 'dynamodb:Attributes': 'false' },
        // Any other value would return attributes that the statement does not name.
        StringEqualsIfExists: {
          'dynamodb:ReturnValues': ['NONE', 'UPDATED_OLD', 'UPDATED_NEW'],
        },
      },
    }),
  )
}

/** Grants reading the value of each of these secrets by itself. */
export function grantSecretValues(grantee: IGrantable, secrets: readonly AnySecret[]) {
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['secretsmanager:GetSecretValue'],
      resources: secrets.map((secret) => secret.secretArn),
    }),
  )
}

/** Grants read access to these secrets. More than one also needs the batch call. */
export function grantSecrets(lambda: IFunction, secrets: readonly AnySecret[]) {
  if (secrets.length === 0) return
  grantSecretValues(lambda, secrets)
  if (secrets.length === 1) return
  lambda.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      // BatchGetSecretValue does not support resource-level permissions. GetSecretValue above
      // protects each value in the batch.
      actions: ['secretsmanager:BatchGetSecretValue'],
      resources: ['*'],
    }),
  )
  if (lambda.role !== undefined)
    suppressNag(
      lambda.role,
      'IAM5[Resource::*]',
      'BatchGetSecretValue knows no resource; which values a batch may hold is granted by GetSecretValue, on named secrets only.',
    )
}

/** Grants the management of app clients in exactly the user pools of these connectors. */
export function grantUserPools(grantee: IGrantable, connectors: Settings['connectors']) {
  const resources = connectors.flatMap((connector) =>
    connector.type === 'cognito' ? [connector.userPoolArn] : [],
  )
  if (resources.length === 0) return
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: [
        ...['ListUserPoolClients', 'DescribeUserPoolClient', 'CreateUserPoolClient'],
        ...['UpdateUserPoolClient', 'DeleteUserPoolClient', 'ListUserPoolClientSecrets'],
        ...['AddUserPoolClientSecret', 'DeleteUserPoolClientSecret'],
      ].map((action) => `cognito-idp:${action}`),
      resources,
    }),
  )
}

/** KMS actions that each service performs on behalf of its caller. */
const keyActions = {
  // The minimum that DynamoDB requires. kms:CreateGrant is missing because only the principal that
  // creates the table needs it.
  dynamodb: [
    'Decrypt',
    'DescribeKey',
    'Encrypt',
    'GenerateDataKey',
    'GenerateDataKeyWithoutPlaintext',
    'ReEncryptFrom',
    'ReEncryptTo',
  ],
  secretsmanager: ['Decrypt'],
  sqs: ['Decrypt', 'GenerateDataKey'],
} as const

/**
 * Grants use of the customer managed key, only through the given service in the key's Region. Does
 * nothing without a key. `actions` are by default those of a Lambda that also writes.
 */
export function grantKey(
  grantee: IGrantable,
  key: IKey | undefined,
  service: keyof typeof keyActions,
  actions: readonly string[] = keyActions[service],
) {
  if (key === undefined) return
  const stack = Stack.of(key)
  // AWS documents both suffixes for China.
  const hosts = new Set([hostSuffix(stack), `${stack.region}.amazonaws.com`])
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: actions.map((action) => `kms:${action}`),
      resources: [key.keyArn],
      conditions: {
        StringEquals: { 'kms:ViaService': [...hosts].map((host) => `${service}.${host}`) },
      },
    }),
  )
}
