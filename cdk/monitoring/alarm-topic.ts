import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { type IKey, Key } from 'aws-cdk-lib/aws-kms'
import { Topic } from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'

/** The topic that every alarm of a stage notifies. */
export class AlarmTopic extends Topic {
  constructor(
    scope: Construct,
    id: string,
    { encryptionKey }: { readonly encryptionKey?: IKey | undefined },
  ) {
    // CloudWatch cannot use the AWS managed key of SNS.
    const masterKey =
      encryptionKey ??
      new Key(scope, `${id}Key`, {
        description: 'Encrypts the alarms of the client registration service',
        enableKeyRotation: true,
        removalPolicy: RemovalPolicy.DESTROY,
      })
    super(scope, id, { displayName: 'Client registration', masterKey, enforceSSL: true })
    const { account } = Stack.of(this)
    const fromOurAlarms = {
      StringEquals: { 'aws:SourceAccount': account },
      ArnLike: {
        'aws:SourceArn': Stack.of(this).formatArn({
          service: 'cloudwatch',
          resource: 'alarm',
          resourceName: '*',
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      },
    }
    const cloudWatch = new ServicePrincipal('cloudwatch.amazonaws.com')
    masterKey.addToResourcePolicy(
      new PolicyStatement({
        principals: [cloudWatch],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'], // in a key's own policy: this key
        conditions: fromOurAlarms,
      }),
    )
    this.addToResourcePolicy(
      new PolicyStatement({
        principals: [cloudWatch],
        actions: ['sns:Publish'],
        resources: [this.topicArn],
        conditions: fromOurAlarms,
      }),
    )
  }
}
