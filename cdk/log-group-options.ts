import { RemovalPolicy } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { LogGroupProps } from 'aws-cdk-lib/aws-logs'
import type { StageSettings } from './settings/settings.ts'

/** What every log group of a stage has in common. Without a key, AWS's own encryption applies. */
export const logGroupOptions = (
  { retention }: StageSettings['log'],
  encryptionKey: IKey | undefined,
): LogGroupProps => ({
  retention,
  removalPolicy: RemovalPolicy.DESTROY,
  ...(encryptionKey && { encryptionKey }),
})
