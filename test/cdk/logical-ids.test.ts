import { describe, expect, test } from 'vitest'
import type { StageSettingsInput } from '../../cdk/settings/settings.ts'
import { endpointIds } from './resources.ts'
import { ofType, synthesized } from './synthesized.ts'
import { variants } from './variants.ts'

/**
 * What a stage holds that its replacement would lose: data, secrets, keys, addresses, subscriptions, history; and a
 * mapping of a hostname, of which there cannot be two.
 */
const stateful = [
  'AWS::DynamoDB::GlobalTable',
  'AWS::SecretsManager::Secret',
  'AWS::KMS::Key',
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::DomainName',
  'AWS::ApiGatewayV2::ApiMapping',
  'AWS::CloudFront::Distribution',
  'AWS::WAFv2::WebACL',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::Logs::LogGroup',
]

const always = [
  'ServiceTable603BACCB',
  'ServiceSecretsKeyRing4C8998A5',
  'ServiceSecretsClientSecretKeyRing7A20E40A',
  'ServiceSecretsMasterTokenE0CFD17D',
  'ServiceApiHttpApiDAA3F4B9',
  'ServiceWatchAlarmsTopic3A62F3A2',
  'ServiceEventsDeadLettersB2D54BF5',
  'ServiceApiAccessLogB6BD3829',
  'ServiceRegisterClientLog9935D63E',
  'ServiceClientConfigurationLogB6CC9A48',
  'ServiceInitialAccessTokensLog52EDF91F',
  'ServiceClientsLog4CF6EF5C',
  'ServiceDiscoveryLogB818C97A',
  'ServiceEventsPublishEventsLog9C5078DB',
]

const endpointLogs = new RegExp(`^Service(${endpointIds.join('|')})Log[0-9A-F]{8}$`)

describe('logical ids: another one would replace what a stage holds', () => {
  test.each<[string, StageSettingsInput, readonly string[]]>([
    ['the default settings', {}, ['ServiceWatchAlarmsTopicKey785A18AC']],
    [
      'a custom domain',
      variants['a custom domain'],
      [
        'ServiceDomainB6322799',
        'ServiceApiStageClientRegistrationtestServiceDomainundefined11653DBB',
        'ServiceWatchAlarmsTopicKey785A18AC',
      ],
    ],
    [
      'all variants in us-east-1',
      variants['all at once, in us-east-1'],
      [
        'ServiceKeyB2087346',
        'ServiceSecretsStaticInitialAccessTokenB3A280A1',
        'ServiceFirewallOriginKeysABF30A79',
        'ServiceFirewallWebAcl40A9A935',
        'ServiceFirewallDistributionEF63160F',
        'ServiceFirewallOriginAuthorizeLog3FC15782',
        'ServiceFirewallWebAclLog10335E61',
        'ServicePushDeadLetters2E0173F4',
        'ServicePushPushClientsLog12F108C9',
        'ServicePushReconcileClientsLog54EB7AD7',
      ],
    ],
  ])('a stage with %s keeps its ids', (_, settings, more) => {
    const template = synthesized(settings)
    const found = stateful.flatMap((type) => ofType(template, type).map(([id]) => id))
    const held = [...always, ...more]
    expect(held.filter((id) => !found.includes(id))).toEqual([])
    // The log of an endpoint that is new has no lines yet.
    const unknown = found.filter((id) => !held.includes(id))
    expect(unknown.filter((id) => !endpointLogs.test(id))).toEqual([])
  })
})
