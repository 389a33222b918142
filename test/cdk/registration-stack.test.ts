import { Match } from 'aws-cdk-lib/assertions'
import { describe, expect, test } from 'vitest'
import { endpoints } from '../../cdk/api/endpoints.ts'
import { parseSettings } from '../../lib/settings/settings.ts'
import { endpointIds } from './resources.ts'
import { ofType, synthesized } from './synthesized.ts'

const template = synthesized({ throttle: { rate: 7, burst: 9 } })

describe('what is stored', () => {
  test('the table can be restored, and goes neither by mistake nor with the stack', () => {
    template.hasResource('AWS::DynamoDB::GlobalTable', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        Replicas: [
          Match.objectLike({
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          }),
        ],
      },
    })
  })

  test('the table expires items, streams changes, and its indexes project nothing but keys', () => {
    const index = (IndexName: string, partition: string) => ({
      IndexName,
      KeySchema: [
        { AttributeName: partition, KeyType: 'HASH' },
        { AttributeName: 'listed_at', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    })
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      GlobalSecondaryIndexes: [
        index('listing', 'listed'),
        index('by-owner', 'owner'),
        index('by-software', 'software_digest'),
        index('by-initial-access-token', 'initial_access_token'),
        index('by-label', 'label'),
      ],
    })
  })

  test.each([
    ['name', 'by-name', ['named', 'named_as']],
    ['redirectHost', 'by-redirect-host', ['redirect_host', 'listed_at']],
  ] as const)(
    'findClientsBy.%s adds the index %s, of keys only, and no other',
    (name, index, keys) => {
      const indexesOf = (of: typeof template) =>
        ofType(of, 'AWS::DynamoDB::GlobalTable').flatMap(
          ([, { Properties }]) => Properties?.GlobalSecondaryIndexes as readonly object[],
        )
      const [HASH, RANGE] = keys
      expect(indexesOf(synthesized({ findClientsBy: { [name]: true } }))).toEqual([
        ...indexesOf(template),
        {
          IndexName: index,
          KeySchema: [
            { AttributeName: HASH, KeyType: 'HASH' },
            { AttributeName: RANGE, KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ])
    },
  )

  test.each(['k1', 's1'])(
    'the key ring of %s outlives the stack, but for a first deploy that fails',
    (id) => {
      template.hasResource('AWS::SecretsManager::Secret', {
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
        Properties: {
          GenerateSecretString: {
            SecretStringTemplate: JSON.stringify({ current: id }),
            GenerateStringKey: id,
            PasswordLength: 64,
            ExcludePunctuation: true,
          },
        },
      })
    },
  )

  test('no template holds the value of a secret', () => {
    const secrets = ofType(template, 'AWS::SecretsManager::Secret')
    expect(secrets).toHaveLength(3)
    for (const [, { Properties }] of secrets) expect(Properties).not.toHaveProperty('SecretString')
    expect(JSON.stringify(template.toJSON())).not.toContain('{{resolve:')
  })

  test('a static initial access token exists only where the settings have one', () => {
    const withStatic = synthesized({ initialAccessToken: { static: true } })
    expect(ofType(withStatic, 'AWS::SecretsManager::Secret')).toHaveLength(4)
    expect(JSON.stringify(withStatic.toJSON())).toContain('STATIC_INITIAL_ACCESS_TOKEN_SECRET')
    expect(JSON.stringify(template.toJSON())).not.toContain('STATIC_INITIAL_ACCESS_TOKEN_SECRET')
  })
})

describe('what runs', () => {
  test('each Lambda is nodejs24.x on arm64, with a log that is kept for a month', () => {
    const lambdas = ofType(template, 'AWS::Lambda::Function')
    expect(lambdas).toHaveLength(endpointIds.length + 1)
    for (const [, { Properties }] of lambdas) {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Timeout: 15,
        LoggingConfig: {
          LogGroup: { Ref: expect.any(String) },
          LogFormat: 'JSON',
          ApplicationLogLevel: 'INFO',
          SystemLogLevel: 'WARN',
        },
      })
    }
    const logs = ofType(template, 'AWS::Logs::LogGroup')
    expect(logs).toHaveLength(endpointIds.length + 2)
    for (const [, { Properties }] of logs) expect(Properties.RetentionInDays).toBe(30)
  })

  test('an environment names secrets by reference, and each Lambda those it may read only', () => {
    const keyRings = ['KEY_RING_SECRET', 'CLIENT_SECRET_KEY_RING_SECRET']
    const everywhere = ['LOG_LEVEL', 'STAGE']
    const names = ofType(template, 'AWS::Lambda::Function').map(([id, { Properties }]) => {
      const { Variables } = Properties.Environment as { Variables: Record<string, unknown> }
      for (const [name, value] of Object.entries(Variables)) {
        if (name.endsWith('_SECRET')) expect(value).toEqual({ Ref: expect.any(String) })
      }
      return [id.slice(7, -8), Object.keys(Variables).filter((name) => !everywhere.includes(name))]
    })
    expect(names).toHaveLength(endpointIds.length + 1)
    expect(Object.fromEntries(names)).toMatchObject({
      RegisterClient: ['API_URL', 'TABLE_NAME', ...keyRings, 'MASTER_TOKEN_SECRET'],
      ClientConfiguration: ['API_URL', 'TABLE_NAME', ...keyRings],
      InitialAccessTokens: ['API_URL', 'TABLE_NAME', 'MASTER_TOKEN_SECRET'],
      Clients: ['API_URL', 'TABLE_NAME', 'KEY_RING_SECRET', 'MASTER_TOKEN_SECRET'],
      ClientSecrets: ['API_URL', 'TABLE_NAME', ...keyRings, 'MASTER_TOKEN_SECRET'],
      ClientsUsed: ['API_URL', 'TABLE_NAME', 'MASTER_TOKEN_SECRET'],
      DisableClients: ['API_URL', 'TABLE_NAME', 'MASTER_TOKEN_SECRET'],
      Discovery: ['API_URL'],
      EventsPublishEvents: ['EVENT_BUS_ARN', 'DEAD_LETTER_QUEUE_URL'],
    })
  })

  test('the only stage is throttled, and its log holds no header, query or path', () => {
    const [stage, ...others] = ofType(template, 'AWS::ApiGatewayV2::Stage')
    expect(others).toEqual([])
    expect(stage?.[1].Properties).toMatchObject({
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 7, ThrottlingBurstLimit: 9 },
    })
    const log = stage?.[1].Properties.AccessLogSettings as { Format: string } | undefined
    expect(log?.Format).toContain('$context.requestId')
    expect(log?.Format).not.toMatch(/header|query|\$context\.path|authorizer/i)
  })
})

describe('routes', () => {
  const routesOf = (settings: Parameters<typeof synthesized>[0]) =>
    ofType(synthesized(settings), 'AWS::ApiGatewayV2::Route').map(
      ([, { Properties }]) => Properties.RouteKey,
    )
  /** The routes that neither the registration path nor an issuer changes. */
  const fixed = Object.values(endpoints)
    .flatMap(({ routes }) => Object.keys(routes(parseSettings({ registrationPath: '/own' }))))
    .filter((path) => !path.startsWith('/own'))
    .map((path) => (path === '$default' ? path : `ANY ${path}`))

  test('every path is routed whatever the method, and every other path too', () => {
    const own = [
      'ANY /register',
      'ANY /register/{client_id}',
      'ANY /register/{client_id}/client-secret',
    ]
    expect(routesOf({}).sort()).toEqual([...own, ...fixed].sort())
  })

  test('where registration is disabled its path is unknown, and registered clients keep theirs', () => {
    const own = ['ANY /register/{client_id}', 'ANY /register/{client_id}/client-secret']
    expect(routesOf({ registration: 'disabled' }).sort()).toEqual([...own, ...fixed].sort())
  })

  test('an issuer with a path has its well-known paths (RFC 8414 §3.1, OpenID Discovery §4)', () => {
    const settings = { issuer: 'https://as.example/tenant', registrationPath: '/oauth2/register' }
    const own = [
      'ANY /oauth2/register',
      'ANY /oauth2/register/{client_id}',
      'ANY /oauth2/register/{client_id}/client-secret',
      'ANY /.well-known/oauth-authorization-server/tenant',
      'ANY /tenant/.well-known/openid-configuration',
    ]
    expect(routesOf(settings).sort()).toEqual([...own, ...fixed].sort())
  })
})
