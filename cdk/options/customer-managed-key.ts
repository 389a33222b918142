import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { type IKey, Key } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import type { Settings } from '../../lib/settings/settings.ts'
import { hostSuffix, requireRegion } from './require-region.ts'

/**
 * The KMS key that the setting names, under which all is encrypted that the stage keeps; undefined where AWS's own
 * keys do. Of a key that is brought along only its owner can change the policy: cdk/README.md says what it has to hold.
 */
export function customerManagedKey(
  scope: Construct,
  id: string,
  { encryptionKey }: Pick<Settings, 'encryptionKey'>,
): IKey | undefined {
  if (encryptionKey === 'aws') return undefined
  requireRegion(scope, 'encryptionKey', 'the table has its key by Region')
  if (encryptionKey !== 'stack') return Key.fromKeyArn(scope, id, encryptionKey)
  const key = new Key(scope, id, {
    description: `Encrypts what ${Stack.of(scope).stackName} keeps`,
    enableKeyRotation: true,
    // The table and the key ring outlive the stack, and cannot be read without it; a first deploy that fails leaves none.
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  })
  key.addToResourcePolicy(logsOf(scope))
  return key
}

/** CloudWatch Logs encrypts for itself, for the log groups of this account and Region. */
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
