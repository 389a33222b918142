import { App, Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { SecurityGroup, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2'
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam'
import { Architecture } from 'aws-cdk-lib/aws-lambda'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { describe, expect, test } from 'vitest'
import {
  ClientRegistrationService,
  type ClientRegistrationServiceProps,
} from '../../cdk/client-registration-service.ts'
import { RegistrationStack } from '../../cdk/registration-stack.ts'
import { endpointIds, propertiesOf } from './resources.ts'

const app = () => new App({ context: { 'aws:cdk:bundling-stacks': [] } })
const settings = {
  region: 'eu-central-1',
  firewall: {
    enabled: true,
    webAcl: 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/central/1234-abcd',
  },
}

/** The template of a stack of a team's own, with a service that is given these. */
function given(
  props: (stack: Stack) => Omit<ClientRegistrationServiceProps, 'settings'>,
): Template {
  const stack = new Stack(app(), 'Team', { env: { region: settings.region } })
  new ClientRegistrationService(stack, 'Service', { settings, ...props(stack) })
  return Template.fromStack(stack)
}

describe('the construct', () => {
  test('runs every Lambda in the VPC that it is given, with the right to make its interface', () => {
    const template = given((stack) => {
      const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
        vpcId: 'vpc-0123456789abcdef0',
        availabilityZones: ['eu-central-1a'],
      })
      return {
        network: {
          vpc,
          vpcSubnets: {
            subnets: [Subnet.fromSubnetId(stack, 'Subnet', 'subnet-0123456789abcdef0')],
          },
          securityGroups: [
            SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0'),
          ],
        },
      }
    })
    const lambdas = propertiesOf(template, 'AWS::Lambda::Function')
    expect(lambdas).toHaveLength(endpointIds.length + 2)
    for (const { VpcConfig } of lambdas)
      expect(VpcConfig).toEqual({
        SubnetIds: ['subnet-0123456789abcdef0'],
        SecurityGroupIds: ['sg-0123456789abcdef0'],
      })
    const policies = propertiesOf(template, 'AWS::IAM::Policy').map((policy) =>
      JSON.stringify(policy),
    )
    expect(policies).toHaveLength(lambdas.length)
    for (const policy of policies) expect(policy).toContain('ec2:CreateNetworkInterface')
  })

  test('puts the permissions boundary that it is given on every role', () => {
    const template = given((stack) => ({
      permissionsBoundary: ManagedPolicy.fromManagedPolicyName(stack, 'Bounds', 'bounds'),
    }))
    const roles = propertiesOf(template, 'AWS::IAM::Role')
    expect(roles).toHaveLength(endpointIds.length + 2)
    for (const { PermissionsBoundary } of roles)
      expect(JSON.stringify(PermissionsBoundary)).toContain(':policy/bounds')
  })

  test('sends every alarm to the topic that it is given', () => {
    const template = given((stack) => ({ alarmTopic: new Topic(stack, 'OnCall') }))
    const topics = template.findResources('AWS::SNS::Topic')
    const notified = Object.keys(topics).map((id) => ({ Ref: id }))
    expect(notified).toHaveLength(1)
    for (const { AlarmActions } of propertiesOf(template, 'AWS::CloudWatch::Alarm'))
      expect(AlarmActions).toEqual(notified)
  })
})

describe('the stack', () => {
  test('gives every Lambda the memory and the architecture that it is given', () => {
    const lambdaDefaults = { memorySize: 512, architecture: Architecture.X86_64 }
    const stack = new RegistrationStack(app(), 'Stack', { settings, lambdaDefaults })
    const lambdas = propertiesOf(Template.fromStack(stack), 'AWS::Lambda::Function')
    expect(lambdas).toHaveLength(endpointIds.length + 2)
    for (const lambda of lambdas)
      expect(lambda).toMatchObject({ MemorySize: 512, Architectures: ['x86_64'] })
  })
})
