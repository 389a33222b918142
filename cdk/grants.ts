import type { IGrantable } from 'aws-cdk-lib/aws-iam'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { table as names } from '../lib/dynamodb/table.ts'
import type { ClientTable } from './client-table.ts'
import type { TableGrant } from './endpoints.ts'

/** These actions, on items whose partition key has this prefix, and on nothing else. */
export function grantTable(lambda: IGrantable, table: ClientTable, grant: TableGrant) {
  const arn = table.tableArn
  lambda.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: grant.actions.map((action) => `dynamodb:${action}`),
      resources: [grant.on === 'listing' ? `${arn}/index/${names.listing.indexName}` : arn],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [grant.keys] } },
    }),
  )
}

/** The values of these secrets; several are fetched by one call. */
export function grantSecrets(lambda: IGrantable, secrets: readonly Secret[]) {
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
}
