import { Stack } from 'aws-cdk-lib'
import type { IGrantable } from 'aws-cdk-lib/aws-iam'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { AnyClientTable } from '../client-table.ts'
import { hostSuffix } from '../options/require-region.ts'
import type { AnySecret } from '../secrets.ts'
import { suppressNag } from '../suppressions.ts'
import type { TableGrant } from './endpoints.ts'

/**
 * What these grants allow, on items whose partition key has one of their prefixes. Each action has one statement for
 * all its keys: a transaction may be judged item by item, or by action with the keys of all its items together.
 */
export function grantTable(
  lambda: IGrantable,
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
    lambda.grantPrincipal.addToPrincipalPolicy(
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

/** The values of these secrets; several are fetched by one call. */
export function grantSecrets(lambda: IFunction, secrets: readonly AnySecret[]) {
  if (secrets.length === 0) return
  lambda.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['secretsmanager:GetSecretValue'],
      resources: secrets.map((secret) => secret.secretArn),
    }),
  )
  if (secrets.length === 1) return
  lambda.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      // This action knows no resource; GetSecretValue above is what guards each value in the batch.
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

/** What a service that keeps something under a customer's key does with the key in the name of its caller. */
const keyActions = {
  // The least that DynamoDB asks for, but for kms:CreateGrant, which whoever makes the table needs.
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

/** Use of the customer's key, if there is one, through this service and in no other way. */
export function grantKey(
  lambda: IFunction,
  key: IKey | undefined,
  service: keyof typeof keyActions,
) {
  if (key === undefined) return
  const stack = Stack.of(lambda)
  // In China AWS documents both.
  const hosts = new Set([hostSuffix(stack), `${stack.region}.amazonaws.com`])
  lambda.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: keyActions[service].map((action) => `kms:${action}`),
      resources: [key.keyArn],
      conditions: {
        StringEquals: { 'kms:ViaService': [...hosts].map((host) => `${service}.${host}`) },
      },
    }),
  )
}
