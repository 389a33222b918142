import { describe, expect, test } from 'vitest'
import { problemsOf } from '../../support/problems-of.ts'

const key = { kty: 'OKP', crv: 'Ed25519', x: 'a'.repeat(43) }
const signer = { issuer: 'https://as.example', jwks: { keys: [key] } }
const tokens = { audience: ['https://as.example'] }

const cognito = {
  type: 'cognito',
  userPoolArn: 'arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_AbCdEf123',
} as const

describe('settings that undo each other', () => {
  test.each<[string, unknown, RegExp]>([
    [
      'a connector without secrets to push',
      {
        clientSecret: { storage: 'digest' },
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
      /^connectors: contradicts clientSecret.storage: digest; secrets cannot be pushed$/,
    ],
    [
      'Cognito and secrets in base64url',
      { connectors: [cognito], clientSecret: { bytes: 47 } },
      /^connectors: cognito needs clientSecret.alphabet: alphanumeric$/,
    ],
    [
      'Cognito and secrets above 64 characters',
      { connectors: [cognito], clientSecret: { alphabet: 'alphanumeric', bytes: 48 } },
      /^clientSecret.bytes: cognito takes at most 64 characters, which is 47 bytes$/,
    ],
    [
      'two user pools of Cognito',
      {
        connectors: [cognito, cognito],
        clientSecret: { alphabet: 'alphanumeric', bytes: 47 },
      },
      /^connectors: only one of them can be cognito, which chooses the client_id$/,
    ],
    [
      'Cognito and shared clients',
      {
        connectors: [cognito],
        clientSecret: { alphabet: 'alphanumeric', bytes: 47 },
        registration: 'dynamic',
        sharing: 'public',
      },
      /^sharing: contradicts cognito, which chooses the client_id$/m,
    ],
    [
      'a scope that registers and administers',
      { registrationScope: 'client-admin' },
      /^adminScope: contradicts registrationScope/,
    ],
    [
      'a scope that trusts and administers',
      { trustedRegistrationScope: 'client-admin' },
      /^adminScope: contradicts trustedRegistrationScope/,
    ],
    [
      'an admin scope that is a lock',
      { registrationScope: 'client', adminScope: 'client:scope:admin' },
      /^adminScope: contradicts registrationScope; it would lock a registration$/,
    ],
    ...(['registrationScope', 'trustedRegistrationScope', 'adminScope'] as const).map(
      (name): [string, unknown, RegExp] => [
        `a read scope that is the ${name}`,
        { [name]: 'clients:read' },
        new RegExp(`^readScope: contradicts ${name}; expected another scope$`),
      ],
    ),
    ...(['registrationScope', 'trustedRegistrationScope', 'adminScope', 'readScope'] as const).map(
      (name): [string, unknown, RegExp] => [
        `a scope of reports of use that is the ${name}`,
        { [name]: 'clients:use' },
        new RegExp(`^useScope: contradicts ${name}; expected another scope$`),
      ],
    ),
    [
      'a scope of reports of use that is a lock',
      { registrationScope: 'clients', useScope: 'clients:scope:use' },
      /^useScope: contradicts registrationScope; it would lock a registration$/,
    ],
    [
      'a read scope that is a lock',
      { registrationScope: 'clients', readScope: 'clients:scope:read' },
      /^readScope: contradicts registrationScope; it would lock a registration$/,
    ],
    [
      'a trusted scope that is a lock',
      { trustedRegistrationScope: 'client-reg:grant:code' },
      /^trustedRegistrationScope: contradicts registrationScope; it would lock a registration$/,
    ],
    [
      'a static token that would make every client trusted',
      { trustedRegistrationScope: 'client-reg', initialAccessToken: { static: true } },
      /^trustedRegistrationScope: contradicts initialAccessToken\.static/,
    ],
    [
      'an access token issuer that is listed twice',
      {
        accessTokenIssuers: [
          { ...signer, ...tokens },
          { ...signer, ...tokens, singleUse: true },
        ],
      },
      /^accessTokenIssuers: lists https:\/\/as\.example more than once$/,
    ],
    ...['softwareStatement', 'signedRequest'].map((name): [string, unknown, RegExp] => [
      `an issuer of ${name} that is listed twice`,
      { [name]: { issuers: [signer, signer] } },
      new RegExp(`^${name}\\.issuers: lists https://as\\.example more than once$`),
    ]),
    [
      'a jwksUri with a password',
      { signedRequest: { issuers: [{ issuer: 'a', jwksUri: 'https://u:p@as.example/jwks' }] } },
      /^signedRequest\.issuers\.0\.jwksUri: expected no username or password$/,
    ],
    [
      'an issuer with a username',
      { issuer: 'https://u@as.example' },
      /^issuer: expected no username or password$/,
    ],
    [
      'a published URL with a password',
      { discovery: { jwks_uri: 'https://u:p@as.example/jwks' } },
      /^discovery\.jwks_uri: expected no username or password$/,
    ],
    [
      'a scheme without a dot where it needs one',
      { metadata: { redirectUris: { schemes: ['vendor'], reverseDomainSchemes: true } } },
      /^metadata\.redirectUris\.schemes: contradicts reverseDomainSchemes: vendor$/,
    ],
    [
      'public clients only, where none is no method',
      {
        policies: ['public-clients-only'],
        metadata: { tokenEndpointAuthMethods: ['private_key_jwt'] },
      },
      /^policies: public-clients-only needs none in metadata\.tokenEndpointAuthMethods$/,
    ],
    [
      'public clients only, without the code grant',
      { policies: ['public-clients-only'], metadata: { grantTypes: ['client_credentials'] } },
      /^policies: public-clients-only needs authorization_code in metadata\.grantTypes$/,
    ],
    [
      'a policy that allows unsupported scopes only',
      {
        policies: ['allowed-scopes'],
        policySettings: { 'allowed-scopes': { scopes: ['email'] } },
        metadata: { scopes: ['openid'] },
      },
      /^policySettings\.allowed-scopes\.scopes: contradicts metadata\.scopes/,
    ],
  ])('are named: %s', (_, input, problem) => {
    expect(problemsOf(input).join('\n')).toMatch(problem)
  })

  test('do not include one scope that both registers and trusts, where no token is static', () => {
    expect(problemsOf({ registrationScope: 'realm' })).toEqual([])
  })
})
