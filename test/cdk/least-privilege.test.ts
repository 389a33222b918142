import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Template } from 'aws-cdk-lib/assertions'
import { afterAll, describe, expect, test } from 'vitest'
import type { StageSettingsInput } from '../../cdk/settings/settings.ts'
import { table } from '../../lib/adapters/dynamodb/table.ts'
import { type Attempt, judgeOf } from './policy.ts'
import { ofType, synthesized } from './synthesized.ts'

const template = synthesized({ initialAccessToken: { static: true } })

const { partitionKey: _, timeToLive: __, ...indexes } = table
const indexNames = Object.values(indexes).map(({ indexName }) => indexName)
const kinds = [
  ...['CLIENT', 'IAT', 'JTI', 'OWNER', 'HOUR', 'IDEMPOTENCY', 'LABELLED', 'ANYTHING'],
  ...['PENDING', 'REGISTRATION', 'DUE', 'STALE', 'TOMBSTONE', 'STATE', 'NAME', 'SEVERAL', 'JOB'],
]
const itemActions = ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query']

/** An item of this kind; of the service's own state there is one that a report notes. */
const keyOf = (kind: string) => (kind === 'STATE' ? 'STATE#use-reports' : `${kind}#x`)

/** Every action on every kind of item, on the table and on each index. */
const onItems: readonly Attempt[] = ['Table', ...indexNames.map((name) => `Table/index/${name}`)]
  .flatMap((resource) => kinds.map((kind) => ({ resource, key: keyOf(kind) })))
  .flatMap((item) => itemActions.map((action) => ({ ...item, action: `dynamodb:${action}` })))

const connectorSecret = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:keycloak-a1B2c3'

const userPool = 'arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_AbCdEf123'

/** What no Lambda needs, and what only one of them does. */
const others: readonly Attempt[] = [
  ...['Scan', 'BatchWriteItem', 'DeleteTable', 'UpdateTable', 'PartiQLSelect', 'PartiQLInsert'].map(
    (action) => ({ action: `dynamodb:${action}`, resource: 'Table' }),
  ),
  ...['UpdateTimeToLive', 'RestoreTableToPointInTime', 'ExportTableToPointInTime'].map(
    (action) => ({ action: `dynamodb:${action}`, resource: 'Table' }),
  ),
  ...['GetRecords', 'GetShardIterator', 'DescribeStream', 'ListStreams'].flatMap((action) =>
    // The second is the one of another table, the third what a restore by the old name brings.
    ['Table/stream/2026', 'TableOfOthers/stream/2026', 'Table/stream/2027'].map((resource) => ({
      action: `dynamodb:${action}`,
      resource,
    })),
  ),
  ...['KeyRing', 'ClientSecretKeyRing', 'MasterToken', 'StaticInitialAccessToken'].flatMap(
    (secret) =>
      ['GetSecretValue', 'PutSecretValue', 'DeleteSecret'].map((action) => ({
        action: `secretsmanager:${action}`,
        resource: `Secrets${secret}`,
      })),
  ),
  { action: 'secretsmanager:BatchGetSecretValue', resource: '*' },
  { action: 'secretsmanager:GetSecretValue', resource: 'another secret of the account' },
  ...['client-registration', 'aws.s3'].map((source) => ({
    action: 'events:PutEvents',
    resource: 'arn::events:::event-bus/default',
    source,
  })),
  { action: 'secretsmanager:GetSecretValue', resource: connectorSecret },
  ...['ListUserPoolClients', 'CreateUserPoolClient', 'AddUserPoolClientSecret'].map((action) => ({
    action: `cognito-idp:${action}`,
    resource: userPool,
  })),
  { action: 'cognito-idp:CreateUserPoolClient', resource: `${userPool}Z` },
  { action: 'cognito-idp:DeleteUserPool', resource: userPool },
  { action: 'cognito-idp:AdminGetUser', resource: userPool },
  { action: 'sqs:SendMessage', resource: 'PushDeadLetters' },
  { action: 'sqs:SendMessage', resource: 'EventsDeadLetters' },
  { action: 'sqs:ReceiveMessage', resource: 'EventsDeadLetters' },
  { action: 'iam:PassRole', resource: 'ClientsRole' },
  { action: 'sts:AssumeRole', resource: 'another role of the account' },
  { action: 'lambda:InvokeFunction', resource: 'Clients' },
  { action: 'kms:Decrypt', resource: 'another key of the account' },
]

const described = ({ action, resource, key, source }: Attempt): string =>
  `${action.split(':')[1]} ${[resource, key?.split('#')[0], source].filter(Boolean).join(' ')}`

/** All that is allowed of what is attempted; what is not in the list is denied. */
function allowed(lambda: string, of = template): string[] {
  const judge = judgeOf(of, lambda)
  return [...onItems, ...others].filter(judge).map(described)
}

const queries = (index: string, ...of: readonly string[]) =>
  of.map((kind) => `Query Table/index/${index} ${kind}`)

const allowedTo: Readonly<Record<string, readonly string[]>> = {
  RegisterClient: [
    'PutItem Table CLIENT',
    'GetItem Table IAT',
    'UpdateItem Table IAT',
    'GetItem Table IDEMPOTENCY',
    'PutItem Table IDEMPOTENCY',
    'GetSecretValue SecretsKeyRing',
    'GetSecretValue SecretsClientSecretKeyRing',
    'GetSecretValue SecretsMasterToken',
    'GetSecretValue SecretsStaticInitialAccessToken',
    'BatchGetSecretValue *',
  ],
  ClientConfiguration: [
    'GetItem Table CLIENT',
    'UpdateItem Table CLIENT',
    'DeleteItem Table CLIENT',
    // A client that counts for its owner may be older than these settings.
    'UpdateItem Table OWNER',
    'GetSecretValue SecretsKeyRing',
    'GetSecretValue SecretsClientSecretKeyRing',
    'BatchGetSecretValue *',
  ],
  InitialAccessTokens: [
    'GetItem Table CLIENT',
    'BatchGetItem Table IAT',
    'PutItem Table IAT',
    'DeleteItem Table IAT',
    ...queries('listing', 'IAT'),
    'GetSecretValue SecretsMasterToken',
  ],
  Clients: [
    'GetItem Table CLIENT',
    'BatchGetItem Table CLIENT',
    'UpdateItem Table CLIENT',
    'DeleteItem Table CLIENT',
    'UpdateItem Table OWNER',
    ...queries('listing', 'CLIENT', 'LABELLED', 'PENDING'),
    // An owner, a software_id, a label can be any text.
    ...queries('by-owner', ...kinds),
    ...queries('by-software', ...kinds),
    ...queries('by-initial-access-token', ...kinds),
    ...queries('by-label', ...kinds),
    'GetSecretValue SecretsKeyRing',
    'GetSecretValue SecretsMasterToken',
    'BatchGetSecretValue *',
  ],
  ClientSecrets: [
    'GetItem Table CLIENT',
    'UpdateItem Table CLIENT',
    'GetSecretValue SecretsKeyRing',
    'GetSecretValue SecretsClientSecretKeyRing',
    'GetSecretValue SecretsMasterToken',
    'BatchGetSecretValue *',
  ],
  ClientsUsed: [
    'BatchGetItem Table CLIENT',
    'UpdateItem Table CLIENT',
    'GetSecretValue SecretsMasterToken',
  ],
  DisableClients: [
    'BatchGetItem Table CLIENT',
    'UpdateItem Table CLIENT',
    'GetItem Table JOB',
    'BatchGetItem Table JOB',
    'PutItem Table JOB',
    ...queries('listing', 'CLIENT', 'LABELLED', 'PENDING', 'JOB'),
    ...queries('by-owner', ...kinds),
    ...queries('by-software', ...kinds),
    'GetSecretValue SecretsMasterToken',
  ],
  Discovery: [],
  EventsPublishEvents: [
    ...['GetRecords', 'GetShardIterator', 'DescribeStream', 'ListStreams'].flatMap((action) => [
      `${action} Table/stream/2026`,
      `${action} Table/stream/2027`,
    ]),
    'PutEvents arn::events:::event-bus/default client-registration',
    'SendMessage EventsDeadLetters',
  ],
}

const signer = { issuer: 'https://issuer.example', jwksUri: 'https://issuer.example/jwks' }
const accessTokenIssuer = { ...signer, audience: ['https://as.example/register'] }
const other = { ...accessTokenIssuer, issuer: 'https://other.example' }
const limit = { 'maximum-clients-per-owner': { max: 3 } }
const staticToken = { initialAccessToken: { static: true } } as const

const folder = mkdtempSync(join(tmpdir(), 'extensions-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A folder with policies of a team, of which one does this. */
function policiesThat(name: string, does: string, limits: readonly string[] = []): string {
  const extensions = join(folder, name)
  mkdirSync(extensions)
  const declared = `{ limits: ${JSON.stringify(limits)}, policy: (context) => ${does} }`
  writeFileSync(join(extensions, 'mine.ts'), `export const mine = ${declared}\n`)
  const policies = "import { mine } from './mine.ts'\nexport const policies = { mine }\n"
  writeFileSync(join(extensions, 'policies.ts'), policies)
  return extensions
}

/** The same folder, whose list of policies is JavaScript. */
function inJavaScript(extensions: string): string {
  renameSync(join(extensions, 'policies.ts'), join(extensions, 'policies.js'))
  writeFileSync(join(extensions, 'policies.md'), 'What our policies are for.\n')
  return extensions
}

/** The same, of a package that the team installed beside its extensions. */
function packagedPolicy(declared: string): string {
  const extensions = policiesThat('packaged', '{}')
  const packaged = join(extensions, 'node_modules', 'limits')
  mkdirSync(packaged, { recursive: true })
  writeFileSync(
    join(packaged, 'package.json'),
    '{"name":"limits","main":"index.js","type":"module"}',
  )
  writeFileSync(join(packaged, 'index.js'), `export const limited = ${declared}\n`)
  writeFileSync(join(extensions, 'mine.ts'), "export { limited as mine } from 'limits'\n")
  return extensions
}

/** An owner limit in a module that prints, waits, and uses a package in CommonJS. */
function busyPolicy(): string {
  const extensions = policiesThat('busy', 'context.limitClientsOfOwner(cores)', [
    'limitClientsOfOwner',
  ])
  const packaged = join(extensions, 'node_modules', 'cores')
  mkdirSync(packaged, { recursive: true })
  writeFileSync(join(packaged, 'index.js'), "module.exports = require('node:os').cpus().length\n")
  const busy = "import cores from 'cores'\nsetInterval(() => {}, 1000)\nprocess.stdout.write('.')\n"
  writeFileSync(join(extensions, 'mine.ts'), busy, { flag: 'a' })
  return extensions
}

const reported = ['GetItem Table STATE', 'UpdateItem Table STATE']
const cleaned: Readonly<Record<string, readonly string[]>> = {
  Clients: [
    'BatchGetItem Table TOMBSTONE',
    ...queries('listing', 'TOMBSTONE'),
    ...queries('by-due', 'DUE', 'STALE'),
  ],
  ClientsUsed: reported,
}

describe('clean-up and reports of use as events', () => {
  test.each(['observe', 'on'] as const)('add exactly their own rights: %s', (mode) => {
    const of = synthesized({ ...staticToken, cleanUp: { mode }, useEventSource: 'login.example' })
    for (const [lambda, list] of Object.entries(allowedTo))
      expect(allowed(lambda, of).sort()).toEqual([...list, ...(cleaned[lambda] ?? [])].sort())
    expect(allowed('LifeCleanUp', of).sort()).toEqual(
      [
        'BatchGetItem Table CLIENT',
        'UpdateItem Table CLIENT',
        'DeleteItem Table CLIENT',
        'UpdateItem Table OWNER',
        'GetItem Table STATE',
        'PutItem Table STATE',
        'PutItem Table TOMBSTONE',
        ...queries('listing', 'CLIENT', 'LABELLED', 'PENDING'),
        ...queries('by-due', 'DUE', 'STALE'),
      ].sort(),
    )
    expect(allowed('UseRecordUse', of).sort()).toEqual(
      ['BatchGetItem Table CLIENT', 'UpdateItem Table CLIENT', ...reported].sort(),
    )
  })

  test('create nothing where they are off', () => {
    const of = JSON.stringify(template.toJSON())
    for (const absent of ['CleanUp', 'RecordUse', 'by-due', 'AWS::Events::Rule'])
      expect(of).not.toContain(absent)
  })
})

describe('connectors', () => {
  const connector = {
    type: 'keycloak',
    url: 'https://login.example',
    realm: 'customers',
    clientId: 'client-registration',
    secretArn: connectorSecret,
  } as const
  const ofPusher = [
    'GetItem Table CLIENT',
    'GetSecretValue SecretsKeyRing',
    'GetSecretValue SecretsClientSecretKeyRing',
    `GetSecretValue ${connectorSecret}`,
    'BatchGetSecretValue *',
  ]

  test.each([true, false])('a connector adds exactly its own rights', (synchronous) => {
    const of = synthesized({ ...staticToken, connectors: [{ ...connector, synchronous }] })
    const awaited = ['GetItem Table CLIENT', `GetSecretValue ${connectorSecret}`]
    const added: Readonly<Record<string, readonly string[]>> = {
      RegisterClient: synchronous ? awaited : [],
    }
    for (const [lambda, list] of Object.entries(allowedTo))
      expect(allowed(lambda, of).sort()).toEqual([...list, ...(added[lambda] ?? [])].sort())
    expect(allowed('PushPushClients', of).sort()).toEqual(
      [...ofPusher, 'SendMessage PushDeadLetters'].sort(),
    )
    expect(allowed('PushReconcileClients', of).sort()).toEqual(
      [...ofPusher, ...queries('listing', 'CLIENT', 'LABELLED', 'PENDING')].sort(),
    )
  })

  test('a connector to Cognito adds exactly its own rights', () => {
    const of = synthesized({
      ...staticToken,
      clientSecret: { alphabet: 'alphanumeric', bytes: 47 },
      connectors: [{ type: 'cognito', userPoolArn: userPool }],
    })
    const managed = ['ListUserPoolClients', 'CreateUserPoolClient', 'AddUserPoolClientSecret'].map(
      (action) => `${action} ${userPool}`,
    )
    const added: Readonly<Record<string, readonly string[]>> = {
      RegisterClient: ['GetItem Table CLIENT', ...managed],
    }
    for (const [lambda, list] of Object.entries(allowedTo))
      expect(allowed(lambda, of).sort()).toEqual([...list, ...(added[lambda] ?? [])].sort())
    const withoutSecret = ofPusher.filter((right) => !right.includes(connectorSecret))
    expect(allowed('PushPushClients', of).sort()).toEqual(
      [...withoutSecret, ...managed, 'SendMessage PushDeadLetters'].sort(),
    )
    expect(allowed('PushReconcileClients', of).sort()).toEqual(
      [...withoutSecret, ...managed, ...queries('listing', 'CLIENT', 'LABELLED', 'PENDING')].sort(),
    )
  })

  test('create nothing where there are none', () => {
    const of = JSON.stringify(template.toJSON())
    for (const absent of ['PushClients', 'ReconcileClients', 'AWS::Events::Rule'])
      expect(of).not.toContain(absent)
  })

  test("a team's hook may read whether the client is stored", () => {
    const extensions = join(folder, 'hooked')
    mkdirSync(extensions)
    const hook =
      'export const onRegistered = { registered: async () => {}, undo: async () => {} }\n'
    writeFileSync(join(extensions, 'on-registered.ts'), hook)
    const of = synthesized(staticToken, extensions)
    const register = [...(allowedTo.RegisterClient ?? []), 'GetItem Table CLIENT']
    expect(allowed('RegisterClient', of).sort()).toEqual(register.sort())
  })
})

describe('the rights of each Lambda', () => {
  test.each<[string, StageSettingsInput, string | undefined, Readonly<Record<string, string[]>>]>([
    ['access tokens of another issuer', { accessTokenIssuers: [accessTokenIssuer] }, undefined, {}],
    [
      'access tokens for single use',
      { accessTokenIssuers: [accessTokenIssuer, { ...other, singleUse: true }] },
      undefined,
      { RegisterClient: ['PutItem Table JTI'] },
    ],
    [
      'administrators',
      { accessTokenIssuers: [{ ...accessTokenIssuer, administers: true }] },
      undefined,
      {},
    ],
    [
      'administrators whose access tokens are for single use',
      { accessTokenIssuers: [{ ...accessTokenIssuer, singleUse: true, administers: true }] },
      undefined,
      {
        RegisterClient: ['PutItem Table JTI'],
        InitialAccessTokens: ['PutItem Table JTI'],
        Clients: ['PutItem Table JTI'],
        ClientSecrets: ['PutItem Table JTI'],
        ClientsUsed: ['PutItem Table JTI'],
        DisableClients: ['PutItem Table JTI'],
      },
    ],
    ['readers', { accessTokenIssuers: [{ ...accessTokenIssuer, reads: true }] }, undefined, {}],
    [
      'readers whose access tokens are for single use',
      { accessTokenIssuers: [{ ...accessTokenIssuer, singleUse: true, reads: true }] },
      undefined,
      { RegisterClient: ['PutItem Table JTI'], Clients: ['PutItem Table JTI'] },
    ],
    [
      'reporters of use whose access tokens are for single use',
      { accessTokenIssuers: [{ ...accessTokenIssuer, singleUse: true, reportsUse: true }] },
      undefined,
      { RegisterClient: ['PutItem Table JTI'], ClientsUsed: ['PutItem Table JTI'] },
    ],
    [
      'signed requests',
      { signedRequest: { issuers: [signer] } },
      undefined,
      { RegisterClient: ['PutItem Table JTI'], ClientConfiguration: ['PutItem Table JTI'] },
    ],
    [
      'requests that software signs itself',
      {
        softwareStatement: { issuers: [signer] },
        signedRequest: { issuers: 'software_statement' },
      },
      undefined,
      { RegisterClient: ['PutItem Table JTI'], ClientConfiguration: ['PutItem Table JTI'] },
    ],
    [
      'deferred registrations',
      { approval: 'draft' },
      undefined,
      {
        RegisterClient: ['PutItem', 'GetItem', 'UpdateItem', 'DeleteItem'].map(
          (action) => `${action} Table REGISTRATION`,
        ),
        Clients: ['GetItem', 'UpdateItem'].map((action) => `${action} Table REGISTRATION`),
      },
    ],
    [
      'finding clients by name',
      { findClientsBy: { name: true } },
      undefined,
      { Clients: queries('by-name', 'NAME') },
    ],
    [
      'finding clients by redirect host',
      { findClientsBy: { redirectHost: true } },
      undefined,
      // A host can be any text.
      { Clients: queries('by-redirect-host', ...kinds) },
    ],
    ['software statements', { softwareStatement: { issuers: [signer] } }, undefined, {}],
    [
      'an owner limit for all',
      { policies: ['maximum-clients-per-owner'], policySettings: limit },
      undefined,
      { RegisterClient: ['UpdateItem Table OWNER'] },
    ],
    [
      'an owner limit that only tokens name',
      { policySettings: limit },
      undefined,
      { RegisterClient: ['UpdateItem Table OWNER'] },
    ],
    [
      "a team's own owner limit",
      {},
      policiesThat('limiting', 'context.limitClientsOfOwner(3)', ['limitClientsOfOwner']),
      { RegisterClient: ['UpdateItem Table OWNER'] },
    ],
    [
      "a team's own owner limit in JavaScript",
      { policies: ['mine'] },
      inJavaScript(
        policiesThat('javascript', 'context.limitClientsOfOwner(3)', ['limitClientsOfOwner']),
      ),
      { RegisterClient: ['UpdateItem Table OWNER'] },
    ],
    [
      'an owner limit of a package that the team uses',
      {},
      packagedPolicy(
        "{ limits: ['limitClientsOfOwner'], policy: (context) => context.limitClientsOfOwner(3) }",
      ),
      { RegisterClient: ['UpdateItem Table OWNER'] },
    ],
    [
      'an owner limit in a module that prints, waits and requires',
      {},
      busyPolicy(),
      { RegisterClient: ['UpdateItem Table OWNER'] },
    ],
    [
      'shared clients',
      { registration: 'dynamic', sharing: 'public' },
      undefined,
      { RegisterClient: ['GetItem Table CLIENT', 'UpdateItem Table CLIENT'] },
    ],
    [
      'a limit of clients without a token',
      { policySettings: { 'maximum-anonymous-clients': { perHour: 3 } } },
      undefined,
      { RegisterClient: ['UpdateItem Table HOUR'] },
    ],
    [
      "a team's own limit of clients without a token",
      {},
      policiesThat('hourly', 'context.limitAnonymousClients(3)', ['limitAnonymousClients']),
      { RegisterClient: ['UpdateItem Table HOUR'] },
    ],
    ["a team's other policies", {}, policiesThat('rejecting', "context.reject('no')"), {}],
    [
      "a team's owner limit that is not declared",
      {},
      policiesThat('undeclared', 'context.limitClientsOfOwner(3)'),
      {},
    ],
  ])('follow the settings: %s', (_, settings, extensions, added) => {
    const of = synthesized({ ...staticToken, ...settings }, extensions)
    for (const [lambda, list] of Object.entries(allowedTo))
      expect(allowed(lambda, of).sort()).toEqual([...list, ...(added[lambda] ?? [])].sort())
  })

  test('do not include registration where it is disabled', () => {
    const of = synthesized({ ...staticToken, registration: 'disabled' })
    const { RegisterClient: _, ...others } = allowedTo
    expect(lambdasOf(of)).toEqual(Object.keys(others).sort())
    for (const [lambda, list] of Object.entries(others)) expect(allowed(lambda, of)).toEqual(list)
    expect(JSON.stringify(of.toJSON())).not.toContain('RegisterClient')
  })
})

const lambdasOf = (of: Template) =>
  ofType(of, 'AWS::Lambda::Function')
    .map(([id]) => id.slice(7, -8))
    .sort()

describe('every action on every kind of item', () => {
  test.each(Object.entries(allowedTo))('%s may do exactly its own work', (lambda, list) => {
    expect(allowed(lambda)).toEqual(list)
  })

  test('the list of Lambdas is complete', () => {
    expect(lambdasOf(template)).toEqual(Object.keys(allowedTo).sort())
  })

  test.each([
    ['Discovery', 'GetItem', 'CLIENT'],
    ['RegisterClient', 'DeleteItem', 'CLIENT'],
    ['RegisterClient', 'UpdateItem', 'CLIENT'],
    ['RegisterClient', 'GetItem', 'CLIENT'],
    ['RegisterClient', 'PutItem', 'IAT'],
    ['RegisterClient', 'DeleteItem', 'IDEMPOTENCY'],
    ['Clients', 'GetItem', 'IDEMPOTENCY'],
    ['ClientConfiguration', 'PutItem', 'CLIENT'],
    ['ClientConfiguration', 'GetItem', 'IAT'],
    ['InitialAccessTokens', 'UpdateItem', 'CLIENT'],
    ['InitialAccessTokens', 'DeleteItem', 'CLIENT'],
    ['Clients', 'PutItem', 'CLIENT'],
    ['Clients', 'GetItem', 'IAT'],
    ['EventsPublishEvents', 'GetItem', 'CLIENT'],
  ])('%s may not do %s on a %s item', (lambda, action, kind) => {
    const attempt = { action: `dynamodb:${action}`, resource: 'Table', key: `${kind}#x` }
    expect(judgeOf(template, lambda)(attempt)).toBe(false)
  })

  test('each Lambda writes its own log and no other', () => {
    const lambdas = Object.keys(allowedTo)
    for (const lambda of lambdas) {
      const judge = judgeOf(template, lambda)
      const logs = lambdas.filter((name) =>
        judge({ action: 'logs:PutLogEvents', resource: `${name}Log` }),
      )
      expect(logs).toEqual([lambda])
    }
  })

  test('no role has another policy', () => {
    const roles = ofType(template, 'AWS::IAM::Role').filter(([id]) => /^Service\w+Role/.test(id))
    expect(roles).toHaveLength(Object.keys(allowedTo).length)
    for (const [, { Properties }] of roles) {
      expect(Properties).not.toHaveProperty('ManagedPolicyArns')
      expect(Properties).not.toHaveProperty('Policies')
    }
    const policies = ofType(template, 'AWS::IAM::Policy')
    expect(policies).toHaveLength(roles.length)
  })
})
