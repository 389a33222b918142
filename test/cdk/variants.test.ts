import { App, Stack } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { describe, expect, test } from 'vitest'
import { RegistrationStack } from '../../cdk/registration-stack.ts'
import { SettingsError, type SettingsInput } from '../../lib/settings/settings.ts'
import { judgeOf } from './policy.ts'
import { ofType, synthesized } from './synthesized.ts'
import { variants } from './variants.ts'

const propertiesOf = (template: Template, type: string) =>
  ofType(template, type).map(([, { Properties }]) => Properties)

const named = (template: Template, id: string, type: string) => {
  const found = ofType(template, type).find(([name]) => name.startsWith(id))
  if (found === undefined) throw new Error(`no ${type} ${id}`)
  return found
}

/** What the endpoints take for their own address. */
const apiUrls = (template: Template) =>
  propertiesOf(template, 'AWS::Lambda::Function').flatMap((properties) => {
    const { Variables } = properties.Environment as { Variables: Record<string, unknown> }
    return 'API_URL' in Variables ? [Variables.API_URL] : []
  })

describe('no variant', () => {
  const template = synthesized()

  test('the API is reached at its own address, and nothing stands before it', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      DisableExecuteApiEndpoint: Match.absent(),
    })
    for (const type of [
      'AWS::ApiGatewayV2::DomainName',
      'AWS::ApiGatewayV2::Authorizer',
      'AWS::CloudFront::Distribution',
      'AWS::WAFv2::WebACL',
      'AWS::Route53::RecordSet',
      'AWS::Lambda::Alias',
    ])
      expect(ofType(template, type)).toEqual([])
    for (const properties of propertiesOf(template, 'AWS::Lambda::Function')) {
      expect(properties).not.toHaveProperty('TracingConfig')
      expect(properties).not.toHaveProperty('ReservedConcurrentExecutions')
    }
    expect(template.toJSON().Outputs).not.toHaveProperty('DomainTarget')
  })
})

describe('a custom domain', () => {
  const template = synthesized(variants['a custom domain'])

  test('serves the API under the name of the team, with its certificate', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
      DomainName: 'register.example.com',
      DomainNameConfigurations: [
        Match.objectLike({
          CertificateArn: variants['a custom domain'].customDomain.certificate,
          EndpointType: 'REGIONAL',
        }),
      ],
    })
    const [domain] = ofType(template, 'AWS::ApiGatewayV2::DomainName')
    template.hasResourceProperties('AWS::ApiGatewayV2::ApiMapping', {
      DomainName: { Ref: domain?.[0] },
      Stage: '$default',
    })
  })

  test('is the only way to the API', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: true })
  })

  test('is what clients are told: registration_client_uri and discovery build on it', () => {
    const urls = apiUrls(template)
    expect(urls).toHaveLength(5)
    expect(JSON.stringify(urls)).not.toContain('ApiEndpoint')
    for (const url of urls)
      expect(JSON.stringify(url)).toMatch(/https:\/\/.*ServiceDomain[0-9A-F]{8}/)
  })

  test("has its records in the team's zone, for both kinds of addresses", () => {
    const records = propertiesOf(template, 'AWS::Route53::RecordSet')
    expect(records.map(({ Name, Type, HostedZoneId }) => [Name, Type, HostedZoneId])).toEqual([
      ['register.example.com.', 'A', 'Z0123456789'],
      ['register.example.com.', 'AAAA', 'Z0123456789'],
    ])
  })

  test('without a zone has no record, and an output that names what the DNS has to point at', () => {
    const elsewhere = synthesized(variants['a custom domain whose DNS is elsewhere'])
    expect(ofType(elsewhere, 'AWS::Route53::RecordSet')).toEqual([])
    const { DomainTarget } = elsewhere.toJSON().Outputs
    expect(DomainTarget.Value['Fn::GetAtt'][1]).toBe('RegionalDomainName')
  })
})

describe.each([
  ['a key of the stack', undefined],
  ['a key that is brought along', variants['a key that is brought along'].encryptionKey],
] as const)('%s', (variant, arn) => {
  const template = synthesized(variants[variant])
  const [own] = ofType(template, 'AWS::KMS::Key')
  const key = arn ?? { 'Fn::GetAtt': [own?.[0], 'Arn'] }

  test('encrypts the table, every secret, every log, the dead letters and the alarms', () => {
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      Replicas: [Match.objectLike({ SSESpecification: { KMSMasterKeyId: key } })],
    })
    const encrypted = [
      ['AWS::SecretsManager::Secret', 'KmsKeyId', 2],
      ['AWS::Logs::LogGroup', 'KmsKeyId', 7],
      ['AWS::SQS::Queue', 'KmsMasterKeyId', 1],
      ['AWS::SNS::Topic', 'KmsMasterKeyId', 1],
    ] as const
    for (const [type, member, count] of encrypted) {
      const all = propertiesOf(template, type)
      expect(all).toHaveLength(count)
      for (const properties of all) expect(properties[member]).toEqual(key)
    }
  })

  test.each([
    ['RegisterClient', ['dynamodb', 'secretsmanager']],
    ['ClientConfiguration', ['dynamodb', 'secretsmanager']],
    ['InitialAccessTokens', ['dynamodb', 'secretsmanager']],
    ['Clients', ['dynamodb', 'secretsmanager']],
    ['Discovery', []],
    ['EventsPublishEvents', ['dynamodb', 'sqs']],
  ])('%s may use it through %j, and by itself in no way', (lambda, services) => {
    const judge = judgeOf(template, lambda)
    const resource = arn ?? 'Key'
    const through = ['dynamodb', 'secretsmanager', 'sqs', 'logs', 's3'].filter((service) =>
      judge({
        action: 'kms:Decrypt',
        resource,
        viaService: `${service}.eu-central-1.amazonaws.com`,
      }),
    )
    expect(through).toEqual(services)
    for (const action of ['Decrypt', 'Encrypt', 'GenerateDataKey', 'CreateGrant', 'PutKeyPolicy'])
      expect(judge({ action: `kms:${action}`, resource })).toBe(false)
  })
})

describe('a key of the stack', () => {
  const template = synthesized(variants['a key of the stack'])

  test('is the only one, is rotated, and outlives the stack as what it encrypts does', () => {
    const [[, key] = [], ...others] = ofType(template, 'AWS::KMS::Key')
    expect(others).toEqual([])
    expect(key).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { EnableKeyRotation: true },
    })
  })

  test('lets the account, Secrets Manager for it, CloudWatch Logs and the alarms use it, and nobody else', () => {
    const [, key] = named(template, 'ServiceKey', 'AWS::KMS::Key')
    const { Statement } = key.Properties.KeyPolicy as { Statement: Record<string, object>[] }
    const told = Statement.map(({ Principal, Condition = {} }) => [
      JSON.stringify(Principal).match(/:root|[a-z-]+(?=[.\w-]*\.amazonaws\.com)/)?.[0],
      Object.values(Condition).flatMap((conditions) => Object.keys(conditions)),
    ])
    expect(told).toEqual([
      [':root', []],
      ['logs', ['kms:EncryptionContext:aws:logs:arn']],
      [':root', ['kms:ViaService']],
      ['cloudwatch', ['aws:SourceAccount', 'aws:SourceArn']],
    ])
  })

  test.each([{ encryptionKey: 'stack' }, { firewall: { enabled: true } }] as const)(
    '%j needs to know the Region, and says so',
    (settings) => {
      expect(() => synthesized(settings)).toThrow(SettingsError)
      expect(() => synthesized(settings)).toThrow(/needs the setting region \(such as/)
    },
  )
})

describe('traces', () => {
  test('every Lambda sends them, and may send nothing else', () => {
    const template = synthesized(variants.traces)
    const lambdas = ofType(template, 'AWS::Lambda::Function')
    for (const [id, { Properties }] of lambdas) {
      expect(Properties.TracingConfig).toEqual({ Mode: 'Active' })
      const judge = judgeOf(template, id.slice(7, -8))
      const may = [
        'PutTraceSegments',
        'PutTelemetryRecords',
        'GetTraceSummaries',
        'PutEncryptionConfig',
      ]
      expect(may.filter((name) => judge({ action: `xray:${name}`, resource: '*' }))).toEqual([
        'PutTraceSegments',
        'PutTelemetryRecords',
      ])
    }
  })
})

describe('concurrency', () => {
  const template = synthesized(variants.concurrency)

  test('is set aside for the Lambdas that are named', () => {
    const reserved = ofType(template, 'AWS::Lambda::Function').map(([id, { Properties }]) => [
      id.slice(7, -8),
      Properties.ReservedConcurrentExecutions,
    ])
    expect(Object.fromEntries(reserved)).toEqual({ RegisterClient: 20, EventsPublishEvents: 1 })
  })

  test('that is provisioned is what the API calls: the alias, at a version that is kept started', () => {
    const [[alias, { Properties }] = ['', { Properties: {} }], ...others] = ofType(
      template,
      'AWS::Lambda::Alias',
    )
    expect(others).toEqual([])
    const [version] = ofType(template, 'AWS::Lambda::Version')
    expect(Properties).toMatchObject({
      Name: 'live',
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 },
      FunctionVersion: { 'Fn::GetAtt': [version?.[0], 'Version'] },
    })
    const [, route] =
      ofType(template, 'AWS::ApiGatewayV2::Route').find(
        ([
          ,
          {
            Properties: { RouteKey },
          },
        ]) => RouteKey === 'ANY /register',
      ) ?? []
    const integration = JSON.stringify(route?.Properties.Target).match(/"Ref":"(\w+)"/)?.[1] ?? ''
    expect(
      template.findResources('AWS::ApiGatewayV2::Integration')[integration]?.Properties,
    ).toMatchObject({
      IntegrationUri: { Ref: alias },
    })
    template.hasResourceProperties('AWS::Lambda::Permission', {
      FunctionName: { Ref: alias },
      Principal: 'apigateway.amazonaws.com',
    })
  })
})

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

  test('logs every request without its bearer, query and path, and shows no samples', () => {
    const acl = Template.fromStack(apart[0] as Stack)
    acl.hasResourceProperties('AWS::WAFv2::LoggingConfiguration', {
      RedactedFields: [
        { SingleHeader: { Name: 'authorization' } },
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

  test('shows the API the origin key, which stands in no template', () => {
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

  test('its authorizer may read the origin keys, and touch nothing else', () => {
    const judge = judgeOf(template, 'FirewallOriginAuthorize')
    const secrets = ['FirewallOriginKeys', 'SecretsKeyRing', 'SecretsMasterToken']
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

  test("is the address that clients are told, CloudFront's own or the team's", () => {
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
function stacks(settings: SettingsInput) {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } })
  const stack = new RegistrationStack(app, 'ClientRegistration-test', { settings })
  const apart = app.node.children.flatMap((child) =>
    child !== stack && child instanceof Stack ? [child] : [],
  )
  return { template: Template.fromStack(stack), apart }
}
