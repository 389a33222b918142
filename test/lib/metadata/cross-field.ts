import type { JsonObject } from '../../../lib/json.ts'
import type { consistency } from '../../../lib/metadata/checks/cross-field-checks.ts'
import type { SettingsInput } from '../../../lib/settings/settings.ts'
import { ciba, ecKey, jwks, okpKey, redirect_uris, rsaKey } from './example.ts'

type Rule = {
  readonly section: string
  readonly says: string
  readonly accepted: readonly JsonObject[]
  readonly rejected: readonly JsonObject[]
}

/** A server that supports all that these rules are about. */
export const everything: SettingsInput = {
  metadata: {
    unsupported: 'refuse',
    allowInternalHosts: true,
    grantTypes: [
      'authorization_code',
      'implicit',
      'refresh_token',
      'client_credentials',
      'urn:ietf:params:oauth:grant-type:device_code',
      ciba,
    ],
    responseTypes: ['code', 'token', 'id_token', 'code id_token', 'code token', 'id_token token'],
    tokenEndpointAuthMethods: [
      'client_secret_basic',
      'client_secret_jwt',
      'private_key_jwt',
      'tls_client_auth',
      'self_signed_tls_client_auth',
      'none',
    ],
    idTokenSigningAlgs: ['RS256', 'ES256', 'HS256', 'none'],
    idTokenEncryptionAlgs: ['RSA-OAEP', 'ECDH-ES', 'dir', 'A128KW'],
    requestObjectSigningAlgs: ['RS256', 'ES256', 'HS256', 'none'],
  },
}

const code = { redirect_uris, grant_types: ['authorization_code'], response_types: ['code'] }
const loopback = { ...code, redirect_uris: ['http://127.0.0.1:8080/cb'] }
const machine = {
  grant_types: ['client_credentials'],
  response_types: [],
  token_endpoint_auth_method: 'client_secret_basic',
}
const hybrid = {
  redirect_uris,
  grant_types: ['authorization_code', 'implicit'],
  response_types: ['code token'],
}
const jwks_uri = 'https://client.example/jwks'
const backchannel = {
  ...machine,
  grant_types: [ciba],
  backchannel_token_delivery_mode: 'poll',
}
const native = { ...code, application_type: 'native' }
const twoHosts = ['https://a.example/cb', 'https://b.example/cb']
const sector_identifier_uri = 'https://client.example/sector'
const pairwise = { subject_type: 'pairwise' }
const method = (token_endpoint_auth_method: string) => ({ ...code, token_endpoint_auth_method })
const device = {
  ...machine,
  grant_types: ['urn:ietf:params:oauth:grant-type:device_code'],
  ...pairwise,
}

/** Each rule across members, with registrations that keep and that break it; reference.md shows section and words. */
export const acrossMembers: Readonly<Record<keyof typeof consistency, Rule>> = {
  grantsMatchResponseTypes: {
    section: 'RFC 7591 §2.1',
    says: 'Every response type has its grant types; authorization_code and implicit have a response type.',
    accepted: [code, machine, hybrid, { ...code, grant_types: undefined }],
    rejected: [
      { ...code, grant_types: ['client_credentials'] },
      { ...code, response_types: [] },
      { ...code, response_types: ['code id_token'] },
      { ...hybrid, response_types: ['code'] },
      { ...code, grant_types: ['implicit'] },
    ],
  },
  redirectUrisForRedirects: {
    section: 'RFC 7591 §2',
    says: 'A client with a response type registers redirect_uris.',
    accepted: [code, machine],
    rejected: [
      { ...code, redirect_uris: undefined },
      { ...code, redirect_uris: [] },
    ],
  },
  redirectUrisForApplication: {
    section: 'RFC 8252 §7; OpenID Connect Dynamic Client Registration 1.0 §2',
    says:
      'Web clients redirect to https and, where only codes are sent, to http on loopback and private-use schemes; ' +
      'native ones to loopback, to private-use schemes and, by setting, to claimed https.',
    accepted: [
      code,
      { ...code, redirect_uris: ['http://localhost:3000/cb', 'http://[::1]/cb'] },
      { ...code, application_type: 'web', redirect_uris: ['com.example.app:/cb'] },
      {
        ...native,
        redirect_uris: ['com.example.app:/cb', 'http://127.0.0.1/cb', 'https://a.example/'],
      },
    ],
    rejected: [
      { ...code, redirect_uris: ['http://client.example/cb'] },
      { ...hybrid, redirect_uris: ['com.example.app:/cb'] },
      { ...native, redirect_uris: ['http://client.example/cb'] },
      { ...hybrid, redirect_uris: ['http://localhost/cb'] },
      { ...hybrid, redirect_uris: ['https://localhost/cb'] },
      { ...hybrid, redirect_uris: ['https://a.localhost/cb'] },
      { ...hybrid, redirect_uris: ['https://127.1.2.3/cb'] },
    ],
  },
  oneSourceOfKeys: {
    section: 'RFC 7591 §2',
    says: 'Either jwks or jwks_uri, not both.',
    accepted: [
      { ...code, jwks },
      { ...code, jwks_uri },
    ],
    rejected: [{ ...code, jwks, jwks_uri }],
  },
  confidentialGrants: {
    section: 'RFC 6749 §4.4, CIBA Core 1.0 §7.1',
    says: 'client_credentials and the CIBA grant need a token_endpoint_auth_method other than none.',
    accepted: [machine, backchannel],
    rejected: [
      { ...machine, token_endpoint_auth_method: 'none' },
      { ...backchannel, token_endpoint_auth_method: 'none' },
    ],
  },
  keysForKeyMethods: {
    section: 'OpenID Connect Core 1.0 §9, RFC 8705 §2.2.2',
    says: 'private_key_jwt and self_signed_tls_client_auth need jwks or jwks_uri.',
    accepted: [
      { ...method('private_key_jwt'), jwks },
      { ...method('private_key_jwt'), jwks_uri },
      { ...method('self_signed_tls_client_auth'), jwks_uri },
      { ...method('private_key_jwt'), signed_jwks_uri: jwks_uri },
    ],
    rejected: [method('private_key_jwt'), method('self_signed_tls_client_auth')],
  },
  keysForAlgorithms: {
    section: 'OpenID Connect Core 1.0 §10',
    says: 'What the client signs, or has encrypted to it, by an asymmetric algorithm needs a suitable key in jwks, or jwks_uri.',
    accepted: [
      { ...code, id_token_encrypted_response_alg: 'ECDH-ES', jwks },
      { ...code, request_object_signing_alg: 'ES256', jwks_uri },
      { ...code, request_object_encryption_alg: 'RSA-OAEP' },
      { ...code, id_token_encrypted_response_alg: 'dir' },
      { ...code, id_token_signed_response_alg: 'ES256' },
    ],
    rejected: [
      { ...code, id_token_encrypted_response_alg: 'RSA-OAEP' },
      { ...code, userinfo_encrypted_response_alg: 'ECDH-ES' },
      { ...code, introspection_encrypted_response_alg: 'ECDH-ES' },
      { ...code, authorization_encrypted_response_alg: 'ECDH-ES' },
      { ...code, nfv_token_encrypted_response_alg: 'ECDH-ES' },
      { ...code, request_object_signing_alg: 'ES256' },
      { ...code, request_object_signing_alg: 'ES256', jwks: { keys: [rsaKey, okpKey] } },
      { ...code, request_object_signing_alg: 'ES256', jwks: { keys: [{ ...ecKey, use: 'enc' }] } },
      {
        ...code,
        request_object_signing_alg: 'RS256',
        jwks: { keys: [{ ...rsaKey, alg: 'PS256' }] },
      },
      { ...code, id_token_encrypted_response_alg: 'ECDH-ES', jwks: { keys: [rsaKey, okpKey] } },
    ],
  },
  secretForSymmetricAlgorithms: {
    section: 'OpenID Connect Core 1.0 §10.1, §10.2',
    says: 'token_endpoint_auth_method none excludes HS256 and every other algorithm that needs a secret.',
    accepted: [
      { ...code, id_token_signed_response_alg: 'HS256' },
      { ...method('none'), id_token_signed_response_alg: 'ES256' },
    ],
    rejected: [
      { ...method('none'), id_token_signed_response_alg: 'HS256' },
      { ...method('none'), request_object_signing_alg: 'HS256' },
      { ...method('none'), id_token_encrypted_response_alg: 'dir' },
    ],
  },
  algorithmForEncryption: {
    section: 'OpenID Connect Dynamic Client Registration 1.0 §2',
    says: 'An …_enc needs its …_alg.',
    accepted: [
      {
        ...code,
        jwks,
        id_token_encrypted_response_alg: 'RSA-OAEP',
        id_token_encrypted_response_enc: 'A256GCM',
      },
    ],
    rejected: [
      'id_token_encrypted_response_enc',
      'userinfo_encrypted_response_enc',
      'request_object_encryption_enc',
      'introspection_encrypted_response_enc',
      'authorization_encrypted_response_enc',
      'nfv_token_encrypted_response_enc',
    ].map((name) => ({ ...code, jwks, [name]: 'A128GCM' })),
  },
  assertionMatchesMethod: {
    section: 'OpenID Connect Core 1.0 §9',
    says:
      'token_endpoint_auth_signing_alg is HS256, HS384 or HS512 with client_secret_jwt, asymmetric with private_key_jwt, ' +
      'and sent with no other method.',
    accepted: [
      { ...method('client_secret_jwt'), token_endpoint_auth_signing_alg: 'HS512' },
      { ...method('private_key_jwt'), token_endpoint_auth_signing_alg: 'ES256', jwks },
    ],
    rejected: [
      { ...method('client_secret_jwt'), token_endpoint_auth_signing_alg: 'ES256', jwks },
      { ...method('private_key_jwt'), token_endpoint_auth_signing_alg: 'HS256', jwks },
      { ...method('client_secret_basic'), token_endpoint_auth_signing_alg: 'ES256', jwks },
    ],
  },
  oneCertificateSubject: {
    section: 'RFC 8705 §2.1.2',
    says: 'tls_client_auth needs exactly one of the five subjects of a certificate.',
    accepted: [{ ...method('tls_client_auth'), tls_client_auth_san_dns: 'client.example' }],
    rejected: [
      method('tls_client_auth'),
      {
        ...method('tls_client_auth'),
        tls_client_auth_san_dns: 'client.example',
        tls_client_auth_san_ip: '192.0.2.1',
      },
    ],
  },
  certificatesForSelfSigned: {
    section: 'RFC 8705 §2.2.2',
    says: 'self_signed_tls_client_auth with jwks needs a key with x5c.',
    accepted: [
      { ...method('self_signed_tls_client_auth'), jwks: { keys: [{ ...rsaKey, x5c: ['AAAA'] }] } },
    ],
    rejected: [{ ...method('self_signed_tls_client_auth'), jwks }],
  },
  signedRequestObjectsOverHttp: {
    section: 'OpenID Connect Core 1.0 §6.2',
    says: 'request_uris are https, unless request_object_signing_alg names a signature.',
    accepted: [
      {
        ...code,
        jwks,
        request_uris: ['http://client.example/r'],
        request_object_signing_alg: 'ES256',
      },
    ],
    rejected: [
      { ...code, request_uris: ['https://client.example/r', 'http://client.example/r'] },
      { ...code, request_uris: ['http://client.example/r'], request_object_signing_alg: 'none' },
    ],
  },
  signedIdTokens: {
    section: 'OpenID Connect Dynamic Client Registration 1.0 §2',
    says: 'id_token_signed_response_alg is none only where no ID Token leaves the authorization endpoint.',
    accepted: [{ ...code, id_token_signed_response_alg: 'none' }],
    rejected: [
      { ...hybrid, response_types: ['code id_token'], id_token_signed_response_alg: 'none' },
    ],
  },
  oneSectorForPairwise: {
    section: 'OpenID Connect Core 1.0 §8.1',
    says: 'pairwise with redirect URIs on several hosts needs sector_identifier_uri.',
    accepted: [
      { ...code, ...pairwise },
      { ...code, ...pairwise, redirect_uris: ['https://a.example/1', 'https://a.example/2'] },
      { ...code, ...pairwise, redirect_uris: twoHosts, sector_identifier_uri },
      { ...code, redirect_uris: twoHosts },
    ],
    rejected: [
      { ...code, ...pairwise, redirect_uris: twoHosts },
      { ...native, ...pairwise, redirect_uris: ['com.example.a:/cb', 'com.example.b:/cb'] },
    ],
  },
  sectorWithoutRedirects: {
    section: 'CIBA Core 1.0 §4',
    says:
      'pairwise with the CIBA or device grant needs sector_identifier_uri or jwks_uri, and private_key_jwt or ' +
      'self_signed_tls_client_auth.',
    accepted: [{ ...device, token_endpoint_auth_method: 'private_key_jwt', jwks_uri }],
    rejected: [
      device,
      { ...device, token_endpoint_auth_method: 'private_key_jwt', jwks },
      { ...device, jwks_uri },
      { ...backchannel, ...pairwise, sector_identifier_uri },
    ],
  },
  signedWhereRequired: {
    section: 'RFC 9101 §10.5',
    says: 'require_signed_request_object excludes request_object_signing_alg none.',
    accepted: [{ ...code, require_signed_request_object: true }],
    rejected: [
      { ...code, require_signed_request_object: true, request_object_signing_alg: 'none' },
    ],
  },
  oneSenderConstraint: {
    section: 'RFC 9449 §5.2, RFC 8705 §3.4',
    says: 'Access tokens are bound by DPoP or by certificate, not both.',
    accepted: [
      {
        ...code,
        dpop_bound_access_tokens: true,
        tls_client_certificate_bound_access_tokens: false,
      },
    ],
    rejected: [
      { ...code, dpop_bound_access_tokens: true, tls_client_certificate_bound_access_tokens: true },
    ],
  },
  boundAtTokenEndpoint: {
    section: 'RFC 9449 §5, RFC 8705 §3',
    says: 'Bound access tokens exclude response types with token.',
    accepted: [{ ...hybrid, response_types: ['code id_token'], dpop_bound_access_tokens: true }],
    rejected: [
      { ...hybrid, dpop_bound_access_tokens: true },
      { ...hybrid, tls_client_certificate_bound_access_tokens: true },
    ],
  },
  deliveryModeForCiba: {
    section: 'CIBA Core 1.0 §4',
    says: 'The CIBA grant needs backchannel_token_delivery_mode.',
    accepted: [backchannel],
    rejected: [{ ...backchannel, backchannel_token_delivery_mode: undefined }],
  },
  endpointForNotification: {
    section: 'CIBA Core 1.0 §4',
    says: 'The delivery modes ping and push need backchannel_client_notification_endpoint.',
    accepted: [
      {
        ...backchannel,
        backchannel_token_delivery_mode: 'ping',
        backchannel_client_notification_endpoint: 'https://client.example/n',
      },
    ],
    rejected: [
      { ...backchannel, backchannel_token_delivery_mode: 'ping' },
      { ...backchannel, backchannel_token_delivery_mode: 'push' },
    ],
  },
  frontChannelLogoutAtRedirectUri: {
    section: 'OpenID Connect Front-Channel Logout 1.0 §2',
    says: 'frontchannel_logout_uri has the scheme, host and port of a redirect URI.',
    accepted: [
      { ...code, frontchannel_logout_uri: 'https://client.example/logout' },
      { ...loopback, frontchannel_logout_uri: 'http://127.0.0.1:8080/out' },
    ],
    rejected: [
      { ...loopback, frontchannel_logout_uri: 'http://127.0.0.1:8081/out' },
      { ...loopback, frontchannel_logout_uri: 'https://127.0.0.1:8080/out' },
      { ...code, frontchannel_logout_uri: 'https://client.example:8443/logout' },
      { ...code, frontchannel_logout_uri: 'https://a.client.example/logout' },
      { ...machine, frontchannel_logout_uri: 'https://client.example/logout' },
    ],
  },
  backChannelLogoutOnLoopback: {
    section: 'OpenID Connect Back-Channel Logout 1.0 §2.2',
    says: 'backchannel_logout_uri is https, or http on the loopback host and port of a redirect URI where internal hosts are allowed.',
    accepted: [
      { ...code, backchannel_logout_uri: 'https://other.example/logout' },
      { ...loopback, backchannel_logout_uri: 'http://127.0.0.1:8080/out?logout=backchannel' },
    ],
    rejected: [
      { ...loopback, backchannel_logout_uri: 'http://127.0.0.1:8081/out' },
      { ...loopback, backchannel_logout_uri: 'http://localhost:8080/out' },
      { ...code, backchannel_logout_uri: 'http://127.0.0.1:8080/out' },
    ],
  },
  postLogoutRedirectUrisForApplication: {
    section: 'OpenID Connect RP-Initiated Logout 1.0 §3.1',
    says: 'post_logout_redirect_uris obey the same rules as redirect_uris.',
    accepted: [{ ...native, post_logout_redirect_uris: ['com.example.app:/out'] }],
    rejected: [{ ...hybrid, post_logout_redirect_uris: ['com.example.app:/out'] }],
  },
  claimsRedirectUrisForApplication: {
    section: 'UMA 2.0 Grant for OAuth 2.0 Authorization §2, §3.3.2',
    says: 'claims_redirect_uris obey the same rules as redirect_uris.',
    accepted: [
      {
        ...code,
        claims_redirect_uris: ['https://client.example/claims', 'http://localhost/claims'],
      },
      { ...native, claims_redirect_uris: ['com.example.app:/claims'] },
    ],
    rejected: [
      { ...code, claims_redirect_uris: ['http://client.example/claims'] },
      { ...native, claims_redirect_uris: ['http://client.example/claims'] },
      { ...hybrid, claims_redirect_uris: ['com.example.app:/claims'] },
    ],
  },
}
