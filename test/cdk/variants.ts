import type { StageSettingsInput } from '../../cdk/settings/settings.ts'

const certificate = (region: string) =>
  `arn:aws:acm:${region}:123456789012:certificate/11111111-2222-3333-4444-555555555555`

const ofOurs = {
  name: 'register.example.com',
  hostedZone: { id: 'Z0123456789', name: 'example.com' },
}

/** StageSettings of every variant of a stage, by what it is called. */
export const variants = {
  'a custom domain': {
    customDomain: { ...ofOurs, certificate: certificate('eu-central-1') },
  },
  'a custom domain whose DNS is elsewhere': {
    customDomain: { name: 'register.example.com', certificate: certificate('eu-central-1') },
  },
  'a key of the stack': { region: 'eu-central-1', encryptionKey: 'stack' },
  'a key that is brought along': {
    region: 'eu-central-1',
    encryptionKey: 'arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555',
  },
  'a table and a key ring of a stage before': {
    region: 'eu-central-1',
    existing: {
      table:
        'arn:aws:dynamodb:eu-central-1:123456789012:table/clients/stream/2026-11-26T08:00:00.000',
      keyRing: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:ring-a1B2c3',
    },
  },
  'a table and both key rings of a stage before': {
    region: 'eu-central-1',
    existing: {
      table:
        'arn:aws:dynamodb:eu-central-1:123456789012:table/clients/stream/2026-11-26T08:00:00.000',
      keyRing: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:ring-a1B2c3',
      clientSecretKeyRing: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:ring-d4E5f6',
    },
  },
  'clean-up, and reports of use as events': {
    cleanUp: { mode: 'on' },
    useEventSource: 'login.example',
  },
  'finding clients by name and by redirect host': {
    findClientsBy: { name: true, redirectHost: true },
  },
  'a connector': {
    region: 'eu-central-1',
    connectors: [
      {
        type: 'keycloak',
        url: 'https://login.example',
        realm: 'customers',
        clientId: 'client-registration',
        secretArn: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:keycloak-a1B2c3',
      },
    ],
  },
  'a connector to Cognito': {
    clientSecret: { alphabet: 'alphanumeric', bytes: 47 },
    connectors: [
      {
        type: 'cognito',
        userPoolArn:
          'arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_AbCdEf123',
      },
    ],
  },
  traces: { tracing: true },
  concurrency: {
    concurrency: {
      'register-client': { reserved: 20, provisioned: 2 },
      'publish-events': { reserved: 1 },
    },
  },
  'a firewall': { region: 'eu-central-1', firewall: { enabled: true } },
  'a firewall with a web ACL of the team': {
    firewall: {
      enabled: true,
      webAcl: 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/central/1234-abcd',
    },
  },
  'all at once, in us-east-1': {
    region: 'us-east-1',
    initialAccessToken: { static: true },
    customDomain: { ...ofOurs, certificate: certificate('us-east-1') },
    encryptionKey: 'stack',
    tracing: true,
    firewall: { enabled: true, rate: 500, originKey: 'k2' },
    concurrency: { 'authorize-origin': { provisioned: 1 }, discovery: { reserved: 5 } },
    cors: { origins: ['https://console.example'] },
    connectors: [
      {
        type: 'keycloak',
        url: 'https://login.example',
        realm: 'customers',
        clientId: 'client-registration',
        secretArn: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:keycloak-a1B2c3',
        synchronous: false,
      },
    ],
  },
} as const satisfies Record<string, StageSettingsInput>
