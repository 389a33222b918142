import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { SettingsInput } from '../lib/settings/settings.ts'
import { ClientRegistrationService } from './client-registration-service.ts'

export type RegistrationStackProps = StackProps & { readonly settings: SettingsInput }

/** One stage of the service, deployed by itself. */
export class RegistrationStack extends Stack {
  constructor(scope: Construct, id: string, { settings, ...props }: RegistrationStackProps) {
    super(scope, id, { description: 'OAuth 2.0 Dynamic Client Registration', ...props })
    const service = new ClientRegistrationService(this, 'Service', { settings })

    new CfnOutput(this, 'Url', { value: service.url })
    new CfnOutput(this, 'RegistrationEndpoint', { value: service.registrationEndpoint })
    new CfnOutput(this, 'TableName', { value: service.table.tableName })
    new CfnOutput(this, 'MasterTokenSecret', { value: service.masterToken.secretArn })
  }
}
