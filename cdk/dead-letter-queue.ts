import { Duration } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { suppressNag } from './suppressions.ts'

export type DeadLetterQueueProps = {
  /** KMS key of the messages. Default: SQS's own encryption. */
  readonly encryptionKey?: IKey | undefined
  /** What sends to the queue, for the finding that it has no dead-letter queue of its own. */
  readonly source: string
}

/** Holds for two weeks what could not be delivered. */
export class DeadLetterQueue extends Queue {
  constructor(scope: Construct, id: string, { encryptionKey, source }: DeadLetterQueueProps) {
    super(scope, id, {
      ...(encryptionKey === undefined
        ? { encryption: QueueEncryption.SQS_MANAGED }
        : { encryption: QueueEncryption.KMS, encryptionMasterKey: encryptionKey }),
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    })
    suppressNag(
      this,
      'SQS3',
      `It is the dead-letter queue of ${source}, which the rule does not look at.`,
    )
  }
}
