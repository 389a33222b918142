import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import {
  ClientRegistrationService,
  type ClientRegistrationServiceProps,
} from './client-registration-service.ts'

export type RegistrationStackProps = StackProps &
  Omit<ClientRegistrationServiceProps, 'name' | 'permissionsBoundary'>

/** One stage of the service; each stage deploys independently. */
export class RegistrationStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    {
      settings,
      extensions,
      existing,
      eventBus,
      network,
      lambdaDefaults,
      alarmTopic,
      ...props
    }: RegistrationStackProps,
  ) {
    super(scope, id, {
      description: 'OAuth 2.0 Dynamic Client Registration',
      ...(settings.region !== undefined && { env: { region: settings.region } }),
      ...props,
    })
    const service = new ClientRegistrationService(this, 'Service', {
      name: this.stackName,
      settings,
      extensions,
      existing,
      eventBus,
      network,
      lambdaDefaults,
      alarmTopic,
    })

    new CfnOutput(this, 'Url', { value: service.url })
    if (service.dnsTarget !== undefined)
      new CfnOutput(this, 'DomainTarget', { value: service.dnsTarget })
    new CfnOutput(this, 'RegistrationEndpoint', { value: service.registrationEndpoint })
    new CfnOutput(this, 'TableName', { value: service.table.tableName })
    if (service.alarmTopic !== undefined)
      new CfnOutput(this, 'AlarmTopic', { value: service.alarmTopic.topicArn })
    new CfnOutput(this, 'AccessLog', { value: service.accessLog.logGroupName })
    new CfnOutput(this, 'EventsLog', { value: service.events.lambda.logGroup.logGroupName })
    new CfnOutput(this, 'DeadLetterQueue', { value: service.events.deadLetterQueue.queueUrl })
    new CfnOutput(this, 'MasterTokenSecret', { value: service.masterToken.secretArn })
  }
}
