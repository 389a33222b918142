import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { type IKey, Key } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import type { StageSettings } from '../settings/settings.ts'
import { hostSuffix, requireRegion } from './require-region.ts'

/**
 * The customer managed KMS key for all stored data; undefined when the setting selects AWS's own
 * keys. Only the owner of an imported key can change its policy: cdk/README.md lists the required
 * statements. Throws SettingsError when the stack's Region is unknown.
 */
export function customerManagedKey(
  scope: Construct,
  id: string,
  { encryptionKey }: Pick<StageSettings, 'encryptionKey'>,
): IKey | undefined {
  if (encryptionKey === 'aws') return undefined
  requireRegion(scope, 'encryptionKey', 'the table has its key by Region')
  if (encryptionKey !== 'stack') return Key.fromKeyArn(scope, id, encryptionKey)
  const key = new Key(scope, id, {
    description: `Encrypts what ${Stack.of(scope).stackName} keeps`,
    enableKeyRotation: true,
    // The retained table and key rings cannot be read without this key. A failed first deployment
    // still deletes it.
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  })
  key.addToResourcePolicy(logsOf(scope))
  return key
}

/** Lets CloudWatch Logs use the key for the log groups of this account and Region. */
function logsOf(scope: Construct): PolicyStatement {
  const stack = Stack.of(scope)
  return new PolicyStatement({
    principals: [new ServicePrincipal(`logs.${hostSuffix(stack)}`)],
    actions: [
      'kms:Encrypt',
      'kms:Decrypt',
      'kms:ReEncrypt*',
      'kms:GenerateDataKey*',
      'kms:Describe*',
    ],
    resources: ['*'], // in a key's own policy: this key
    conditions: {
      ArnLike: {
        'kms:EncryptionContext:aws:logs:arn': stack.formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName: '*',
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      },
    },
  })
}
