import { App, Stack } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { describe, expect, test } from 'vitest'
import { RegistrationStack } from '../../cdk/registration-stack.ts'
import type { StageSettingsInput } from '../../cdk/settings/settings.ts'
import { judgeOf } from './policy.ts'
import { apiUrls, named, propertiesOf } from './resources.ts'
import { ofType } from './synthesized.ts'
import { variants } from './variants.ts'

describe('a firewall', () => {
  const { template, apart } = stacks(variants['a firewall'])
  const [distribution] = ofType(template, 'AWS::CloudFront::Distribution')
  const config = distribution?.[1].Properties.DistributionConfig as Config

  test('is the web ACL of a stack of its own in us-east-1, read from its output', () => {
    const [stack, ...more] = apart
    expect(more).toEqual([])
    expect(stack?.region).toBe('us-east-1')
    expect(config.WebACLId).toMatchObject({
      'Fn::GetStackOutput': { StackName: stack?.stackName, Region: 'us-east-1' },
    })
    expect(ofType(template, 'AWS::WAFv2::WebACL')).toEqual([])
    // No custom resource, which would bring a Lambda with rights of its own.
    expect(ofType(Template.fromStack(stack as Stack), 'AWS::Lambda::Function')).toEqual([])
  })

  test('is in the same stack in us-east-1, or one that the team has', () => {
    const same = stacks(variants['all at once, in us-east-1'])
    expect(same.apart).toEqual([])
    expect(ofType(same.template, 'AWS::WAFv2::WebACL')).toHaveLength(1)
    const team = variants['a firewall with a web ACL of the team']
    const brought = stacks(team)
    expect(brought.apart).toEqual([])
    brought.template.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: Match.objectLike({ WebACLId: team.firewall.webAcl }),
    })
  })

  test('turns away who asks too often by OAuth JSON, known attackers, and no metadata that is in order', () => {
    const [properties] = propertiesOf(Template.fromStack(apart[0] as Stack), 'AWS::WAFv2::WebACL')
    expect(properties).toMatchObject({ Scope: 'CLOUDFRONT', DefaultAction: { Allow: {} } })
    const { Rules, CustomResponseBodies } = properties as unknown as Acl
    expect(Rules.map(({ Name }) => Name)).toEqual([
      'rate',
      'AWSManagedRulesAmazonIpReputationList',
      'AWSManagedRulesKnownBadInputsRuleSet',
    ])
    const [rate] = Rules
    expect(rate?.Statement).toEqual({
      RateBasedStatement: { AggregateKeyType: 'IP', EvaluationWindowSec: 300, Limit: 1000 },
    })
    expect(rate?.Action.Block.CustomResponse).toMatchObject({ ResponseCode: 429 })
    expect(JSON.parse(CustomResponseBodies['too-many'].Content)).toEqual({
      error: 'temporarily_unavailable',
      error_description: expect.any(String),
    })
  })

  test('logs every request without its bearer, idempotency key, query and path, and shows no samples', () => {
    const acl = Template.fromStack(apart[0] as Stack)
    acl.hasResourceProperties('AWS::WAFv2::LoggingConfiguration', {
      RedactedFields: [
        { SingleHeader: { Name: 'authorization' } },
        { SingleHeader: { Name: 'idempotency-key' } },
        { QueryString: {} },
        { UriPath: {} },
      ],
      LoggingFilter: Match.absent(),
    })
    acl.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: Match.stringLikeRegexp('^aws-waf-logs-'),
      RetentionInDays: 30,
    })
    expect(JSON.stringify(acl.toJSON())).not.toContain('"SampledRequestsEnabled":true')
  })

  test('keeps no error, neither of ours nor of the API', () => {
    const errors = config.CustomErrorResponses
    expect(errors.map(({ ErrorCode }) => ErrorCode)).toEqual(
      expect.arrayContaining([400, 403, 404, 405, 500, 502, 503, 504]),
    )
    for (const error of errors) expect(error.ErrorCachingMinTTL).toBe(0)
    expect(errors.map((error) => Object.keys(error).length)).toEqual(errors.map(() => 2))
  })

  test('passes everything on but the Host, caches nothing, speaks TLS only on both sides', () => {
    expect(config.DefaultCacheBehavior).toMatchObject({
      AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
      // CloudFront's managed policies CachingDisabled and AllViewerExceptHostHeader.
      CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
      OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
      ViewerProtocolPolicy: 'https-only',
    })
    const [origin, ...others] = config.Origins
    expect(others).toEqual([])
    expect(origin?.CustomOriginConfig).toEqual({
      OriginProtocolPolicy: 'https-only',
      OriginSSLProtocols: ['TLSv1.2'],
    })
    expect(JSON.stringify(origin?.DomainName)).toContain('ApiEndpoint')
  })

  test('shows the API the origin key, which no template contains', () => {
    const [secret] = named(template, 'ServiceFirewallOriginKeys', 'AWS::SecretsManager::Secret')
    const reference = ['', ['{{resolve:secretsmanager:', { Ref: secret }, ':SecretString:k1::}}']]
    expect(config.Origins[0]?.OriginCustomHeaders).toEqual([
      { HeaderName: 'x-origin-key', HeaderValue: { 'Fn::Join': reference } },
    ])
    expect(JSON.stringify(template.toJSON()).split('{{resolve:')).toHaveLength(2)
  })

  test('sends the origin key that the settings name, so that naming another one is an update', () => {
    const { template: rotated } = stacks(variants['all at once, in us-east-1'])
    expect(JSON.stringify(rotated.toJSON())).toContain(':SecretString:k2::}}')
  })

  test('is the only way in: no route is without the authorizer, which wants the header', () => {
    const [authorizer] = ofType(template, 'AWS::ApiGatewayV2::Authorizer')
    expect(authorizer?.[1].Properties).toMatchObject({
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
      AuthorizerResultTtlInSeconds: 3600,
      IdentitySource: ['$request.header.x-origin-key'],
    })
    const routes = propertiesOf(template, 'AWS::ApiGatewayV2::Route')
    expect(routes.length).toBeGreaterThan(10)
    for (const route of routes)
      expect(route).toMatchObject({
        AuthorizationType: 'CUSTOM',
        AuthorizerId: { Ref: authorizer?.[0] },
      })
  })

  test('has an authorizer that may read the origin keys, and nothing else', () => {
    const judge = judgeOf(template, 'FirewallOriginAuthorize')
    const secrets = [
      'FirewallOriginKeys',
      'SecretsKeyRing',
      'SecretsClientSecretKeyRing',
      'SecretsMasterToken',
    ]
    expect(
      secrets.filter((resource) => judge({ action: 'secretsmanager:GetSecretValue', resource })),
    ).toEqual(['FirewallOriginKeys'])
    for (const action of ['GetItem', 'PutItem', 'Query', 'Scan'])
      expect(judge({ action: `dynamodb:${action}`, resource: 'Table' })).toBe(false)
    for (const endpoint of ['RegisterClient', 'Clients', 'Discovery'])
      expect(
        judgeOf(
          template,
          endpoint,
        )({
          action: 'secretsmanager:GetSecretValue',
          resource: 'FirewallOriginKeys',
        }),
      ).toBe(false)
  })

  test("is the address that clients receive, CloudFront's own or the team's", () => {
    for (const url of apiUrls(template))
      expect(url).toEqual({
        'Fn::Join': ['', ['https://', { 'Fn::GetAtt': [distribution?.[0], 'DomainName'] }]],
      })
    const { template: domain } = stacks(variants['all at once, in us-east-1'])
    expect(new Set(apiUrls(domain))).toEqual(new Set(['https://register.example.com']))
    expect(ofType(domain, 'AWS::ApiGatewayV2::DomainName')).toEqual([])
    domain.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: Match.objectLike({
        Aliases: ['register.example.com'],
        ViewerCertificate: Match.objectLike({ MinimumProtocolVersion: 'TLSv1.2_2021' }),
      }),
    })
    expect(ofType(domain, 'AWS::Route53::RecordSet')).toHaveLength(2)
  })
})

type Config = {
  readonly WebACLId: object
  readonly DefaultCacheBehavior: object
  readonly CustomErrorResponses: readonly {
    readonly ErrorCode: number
    readonly ErrorCachingMinTTL: number
  }[]
  readonly Origins: readonly {
    readonly DomainName: unknown
    readonly CustomOriginConfig: unknown
    readonly OriginCustomHeaders: unknown
  }[]
}

type Acl = {
  readonly Rules: readonly {
    readonly Name: string
    readonly Statement: unknown
    readonly Action: { readonly Block: { readonly CustomResponse: unknown } }
  }[]
  readonly CustomResponseBodies: { readonly 'too-many': { readonly Content: string } }
}

/** The stage's template, and the stacks that it brought along. */
function stacks(settings: StageSettingsInput) {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } })
  const stack = new RegistrationStack(app, 'ClientRegistration-test', { settings })
  const apart = app.node.children.flatMap((child) =>
    child !== stack && child instanceof Stack ? [child] : [],
  )
  return { template: Template.fromStack(stack), apart }
}
