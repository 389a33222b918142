import type { IGrantable } from 'aws-cdk-lib/aws-iam'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { accept } from './accepted.ts'
import type { ClientTable } from './client-table.ts'
import type { TableGrant } from './endpoints.ts'

/** These actions, on the table or on these indexes of it, on items whose partition key has one of these prefixes. */
export function grantTable(
  lambda: IGrantable,
  { tableArn }: ClientTable,
  { actions, keys, on }: TableGrant,
) {
  lambda.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: actions.map((action) => `dynamodb:${action}`),
      resources: on?.map((index) => `${tableArn}/index/${index}`) ?? [tableArn],
      ...(keys && {
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...keys] } },
      }),
    }),
  )
}

/** The values of these secrets; several are fetched by one call. */
export function grantSecrets(lambda: IFunction, secrets: readonly Secret[]) {
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
    accept(
      lambda.role,
      'IAM5[Resource::*]',
      'BatchGetSecretValue knows no resource; which values a batch may hold is granted by GetSecretValue, on named secrets only.',
    )
}
