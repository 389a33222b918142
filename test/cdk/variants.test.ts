import { App, Stack } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { describe, expect, test } from 'vitest'
import { ClientRegistrationService } from '../../cdk/client-registration-service.ts'
import { SettingsError } from '../../lib/settings/settings-error.ts'
import { judgeOf } from './policy.ts'
import { apiUrls, endpointIds, named, propertiesOf } from './resources.ts'
import { ofType, synthesized } from './synthesized.ts'
import { variants } from './variants.ts'

describe('a stage without variants', () => {
  const template = synthesized()

  test("has its API at the API's own address, with nothing before it", () => {
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

  test('is what clients receive: registration_client_uri and discovery build on it', () => {
    const urls = apiUrls(template)
    expect(urls).toHaveLength(endpointIds.length)
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
      ['AWS::SecretsManager::Secret', 'KmsKeyId', 3],
      ['AWS::Logs::LogGroup', 'KmsKeyId', endpointIds.length + 2],
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
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: { EnableKeyRotation: true },
    })
  })

  test('lets the account, Secrets Manager for it, CloudWatch Logs and the alarms use it, and nobody else', () => {
    const [, key] = named(template, 'ServiceKey', 'AWS::KMS::Key')
    const { Statement } = key.Properties.KeyPolicy as { Statement: Record<string, object>[] }
    const principals = Statement.map(({ Principal, Condition = {} }) => [
      JSON.stringify(Principal).match(/:root|[a-z-]+(?=[.\w-]*\.amazonaws\.com)/)?.[0],
      Object.values(Condition).flatMap((conditions) => Object.keys(conditions)),
    ])
    expect(principals).toEqual([
      [':root', []],
      ['logs', ['kms:EncryptionContext:aws:logs:arn']],
      [':root', ['kms:ViaService']],
      ['cloudwatch', ['aws:SourceAccount', 'aws:SourceArn']],
    ])
  })

  test.each([
    ['eu-central-1', 'amazonaws.com'],
    ['cn-north-1', 'amazonaws.com.cn'],
  ])('in %s names the services by their names there', (region, suffix) => {
    const there = synthesized({ region, encryptionKey: 'stack' })
    const [, { Properties }] = named(there, 'ServiceKey', 'AWS::KMS::Key')
    const principal = { Service: `logs.${region}.${suffix}` }
    const { Statement } = Properties.KeyPolicy as { Statement: { Principal: object }[] }
    expect(Statement.map(({ Principal }) => Principal)).toContainEqual(principal)
    const policies = JSON.stringify(propertiesOf(there, 'AWS::IAM::Policy'))
    expect(policies).toContain(`dynamodb.${region}.${suffix}`)
    expect(policies).toContain(`dynamodb.${region}.amazonaws.com`)
  })

  test.each([{ encryptionKey: 'stack' }, { firewall: { enabled: true } }] as const)(
    '%j needs to know the Region, and says so',
    (settings) => {
      expect(() => synthesized(settings)).toThrow(SettingsError)
      expect(() => synthesized(settings)).toThrow(/needs the setting region \(such as/)
    },
  )
})

describe('a table and key rings of a stage before', () => {
  const settings = variants['a table and both key rings of a stage before']
  const template = synthesized(settings)
  const tableArn = settings.existing.table.replace(/\/stream.*/, '')

  test('are used in place of new ones', () => {
    expect(ofType(template, 'AWS::DynamoDB::GlobalTable')).toEqual([])
    const secrets = ofType(template, 'AWS::SecretsManager::Secret').map(([id]) => id)
    expect(secrets).toEqual([expect.stringMatching(/^ServiceSecretsMasterToken/)])
    const [register] = propertiesOf(template, 'AWS::Lambda::Function')
    expect(register?.Environment).toMatchObject({
      Variables: {
        TABLE_NAME: 'clients',
        KEY_RING_SECRET: settings.existing.keyRing,
        CLIENT_SECRET_KEY_RING_SECRET: settings.existing.clientSecretKeyRing,
      },
    })
    template.hasOutput('TableName', { Value: 'clients' })
  })

  test('are granted to the Lambdas, and the stream is read by the one that publishes', () => {
    const policies = JSON.stringify(propertiesOf(template, 'AWS::IAM::Policy'))
    for (const resource of [tableArn, `${tableArn}/index/listing`, `${tableArn}/stream/*`])
      expect(policies).toContain(`"${resource}"`)
    for (const ring of [settings.existing.keyRing, settings.existing.clientSecretKeyRing])
      expect(policies).toContain(`"${ring}"`)
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: settings.existing.table,
    })
  })

  test('get a new client secret key ring, where the stage before had none', () => {
    const of = synthesized(variants['a table and a key ring of a stage before'])
    const secrets = ofType(of, 'AWS::SecretsManager::Secret').map(([id]) => id)
    expect(secrets.sort()).toEqual([
      expect.stringMatching(/^ServiceSecretsClientSecretKeyRing/),
      expect.stringMatching(/^ServiceSecretsMasterToken/),
    ])
  })

  /** The same, as a team gives them to the construct. */
  function byCode() {
    const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Team')
    const existing = {
      table: TableV2.fromTableAttributes(stack, 'Table', {
        tableName: 'theirs',
        tableStreamArn: settings.existing.table,
      }),
      keyRing: Secret.fromSecretCompleteArn(stack, 'Ring', settings.existing.keyRing),
    }
    return { stack, existing }
  }

  test('can be given by code', () => {
    const { stack, existing } = byCode()
    new ClientRegistrationService(stack, 'Service', { settings: {}, existing })
    const team = Template.fromStack(stack)
    expect(ofType(team, 'AWS::DynamoDB::GlobalTable')).toEqual([])
    expect(JSON.stringify(propertiesOf(team, 'AWS::Lambda::Function'))).toContain('theirs')
  })

  test('are rejected by code where one key ring is to serve as both', () => {
    const { stack, existing } = byCode()
    const { keyRing } = existing
    const both = {
      ...existing,
      clientSecretKeyRing: Secret.fromSecretCompleteArn(stack, 'Same', keyRing.secretArn),
    }
    expect(
      () => new ClientRegistrationService(stack, 'Service', { settings: {}, existing: both }),
    ).toThrow('existing.clientSecretKeyRing: expected another secret than existing.keyRing')
  })

  test.each([
    [{ table: tableArn }, 'existing.table: expected the ARN of the table'],
    [{ keyRing: settings.existing.keyRing.slice(0, -7) }, 'existing.keyRing: expected the whole'],
    [
      { clientSecretKeyRing: settings.existing.keyRing },
      'existing.clientSecretKeyRing: expected another secret than existing.keyRing',
    ],
    [
      { clientSecretKeyRing: settings.existing.keyRing.replace('eu-central', 'eu-west') },
      'existing.clientSecretKeyRing: is in eu-west-1',
    ],
    [{ table: settings.existing.table.replace('eu-central', 'eu-west') }, 'existing.table: is in'],
  ])('%j is rejected', (wrong, message) => {
    const existing = { ...settings.existing, ...wrong }
    expect(() => synthesized({ ...settings, existing })).toThrow(message)
  })
})

describe('tracing', () => {
  test('lets every Lambda send traces, and nothing else', () => {
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

  test('is reserved for the Lambdas that are named', () => {
    const reserved = ofType(template, 'AWS::Lambda::Function').map(([id, { Properties }]) => [
      id.slice(7, -8),
      Properties.ReservedConcurrentExecutions,
    ])
    expect(Object.fromEntries(reserved)).toEqual({ RegisterClient: 20, EventsPublishEvents: 1 })
  })

  test('that is provisioned belongs to the alias that the API calls', () => {
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
