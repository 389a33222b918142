import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StageSettingsInput } from '../../cdk/settings/settings.ts'
import { type Api, startApi } from '../support/api.ts'
import { signer } from '../support/signer.ts'

/** Requests as the clients of real products send them, and what each is answered. */
type Request = {
  /** Metadata, or the bytes of a body. */
  readonly body?: object | Buffer
  readonly headers?: Record<string, string>
  readonly method?: string
  readonly path?: string
}

type Answer = {
  readonly status: number
  readonly headers?: Record<string, unknown>
  /** What it has among other members. */
  readonly body?: object
  /** Members that it does not have. */
  readonly without?: readonly string[]
}

type Row = readonly [title: string, request: Request, answer: Answer]

const json = { 'content-type': 'application/json' }

/** A service with these settings, and what it answers to each of the requests, by the section that they are about. */
function answers(
  settings: StageSettingsInput,
  sections: Readonly<Record<string, readonly Row[]>>,
  authorization: (api: Api) => Promise<Record<string, string>> = async () => ({}),
): void {
  let api: Api
  beforeAll(async () => {
    api = await startApi({ settings })
  })
  afterAll(() => api?.service.close())

  describe.each(Object.entries(sections))('%s', (_section, rows) => {
    test.each(rows)('%s', async (_title, request, { status, headers = {}, body, without = [] }) => {
      const { method = 'POST', path = '/register' } = request
      const answer = await fetch(new URL(path, api.service.url), {
        method,
        headers: { ...(request.body && json), ...(await authorization(api)), ...request.headers },
        ...(request.body && { body: sent(request.body) }),
      })
      const text = await answer.text()
      expect(answer.status, text).toBe(status)
      expect(Object.fromEntries(answer.headers)).toMatchObject(headers)
      const received = text === '' ? {} : JSON.parse(text)
      expect(received).toMatchObject(body ?? {})
      for (const member of without) expect(received).not.toHaveProperty([member])
    })
  })
}

const sent = (body: object | Buffer): string | Buffer<ArrayBuffer> =>
  Buffer.isBuffer(body) ? Buffer.from(body) : JSON.stringify(body)

/** Registered as sent, each of these members. */
const registered = (metadata: object): Answer => ({ status: 201, body: metadata })

const rejected = (error: string, words = /./): Answer => ({
  status: 400,
  body: { error, error_description: expect.stringMatching(words) },
})

const web = { redirect_uris: ['https://shop.example/callback'] }
const publicCode = {
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
}

/** An editor that registers as Model Context Protocol clients do: a public client by the code flow. */
const editor = (...redirect_uris: string[]) => ({
  client_name: 'An editor',
  redirect_uris,
  ...publicCode,
})

const native = (...redirect_uris: string[]) => ({
  redirect_uris,
  application_type: 'native',
  token_endpoint_auth_method: 'none',
})

describe('open registration', () => {
  const alone = ['quill://connect/oauth/callback']
  const mixed = [...alone, 'https://quill.example/oauth/callback', 'http://localhost:8787/callback']
  const confidential = ['com.example.agent:/callback', 'http://localhost:8080']
  const logout = ['quill://signed-out']
  const nameInLatin1 = Buffer.from(JSON.stringify({ ...web, client_name: 'Zoë' }), 'latin1')

  answers(
    { registration: 'dynamic' },
    {
      'RFC 8252 §7.1 Private-Use URI Scheme Redirection': [
        [
          'a private-use scheme makes a client native that says no application_type',
          { body: editor(...alone) },
          registered({ redirect_uris: alone, application_type: 'native' }),
        ],
        [
          'a private-use scheme is registered for a client of application_type web that uses the code flow',
          { body: { ...editor(...alone), application_type: 'web' } },
          registered({ redirect_uris: alone }),
        ],
        [
          'a private-use scheme is registered beside https and loopback',
          { body: editor(...mixed) },
          registered({ redirect_uris: mixed }),
        ],
        [
          'a private-use scheme is registered for a confidential client',
          {
            body: {
              ...editor(...confidential),
              token_endpoint_auth_method: 'client_secret_basic',
              scope: 'openid profile offline_access',
            },
          },
          registered({ redirect_uris: confidential, client_secret: expect.any(String) }),
        ],
        [
          'a private-use scheme is registered to return to after a logout',
          { body: { ...editor(...alone), post_logout_redirect_uris: logout } },
          registered({ redirect_uris: alone, post_logout_redirect_uris: logout }),
        ],
        [
          'a scheme that begins as one of the system’s does is an application’s own',
          { body: native('teleconference://signed-in') },
          registered({ redirect_uris: ['teleconference://signed-in'] }),
        ],
        [
          'the scheme of a Windows application is its own',
          { body: native('ms-app://s-1-15-2-1000000001-2000000002/') },
          registered({ redirect_uris: ['ms-app://s-1-15-2-1000000001-2000000002/'] }),
        ],
        [
          'a scheme that runs a script is rejected',
          { body: editor('javascript:alert(1)//') },
          rejected('invalid_redirect_uri'),
        ],
        [
          'a scheme that the system handles is rejected',
          { body: native('ms-settings:privacy') },
          rejected('invalid_redirect_uri'),
        ],
      ],

      'RFC 8252 §7.3 Loopback Interface Redirection, RFC 6761 §6.3': [
        [
          'http on a name under localhost is loopback',
          { body: { redirect_uris: ['http://shop.localhost:3000/callback'] } },
          registered({ redirect_uris: ['http://shop.localhost:3000/callback'] }),
        ],
        [
          'http on a name deep under localhost is loopback, for a native application too',
          { body: native('http://tenant.dev.localhost:3300/callback') },
          registered({ redirect_uris: ['http://tenant.dev.localhost:3300/callback'] }),
        ],
        [
          'http on any address of 127.0.0.0/8 is loopback',
          { body: { redirect_uris: ['http://127.0.0.53:8080/callback'] } },
          registered({ redirect_uris: ['http://127.0.0.53:8080/callback'] }),
        ],
        [
          'http on a host whose name only begins with localhost is rejected',
          { body: { redirect_uris: ['http://localhost.shop.example/callback'] } },
          rejected('invalid_redirect_uri'),
        ],
      ],

      'RFC 9700 §4.1 Insufficient Redirection URI Validation': [
        [
          'a wildcard in place of a port is rejected as a wildcard',
          { body: { redirect_uris: ['http://localhost:*/callback'] } },
          rejected('invalid_redirect_uri', /wildcard/),
        ],
        [
          'a wildcard in place of a host is rejected as a wildcard',
          { body: { redirect_uris: ['https://*.shop.example/callback'] } },
          rejected('invalid_redirect_uri', /wildcard/),
        ],
        [
          'an empty redirect URI is rejected',
          { body: { redirect_uris: [''] } },
          rejected('invalid_redirect_uri'),
        ],
      ],

      'OpenID Connect Front-Channel Logout §2, Back-Channel Logout §2.2': [
        [
          'a client on loopback registers a front-channel logout URI on its own host and port',
          {
            body: {
              redirect_uris: ['http://localhost:3000/callback'],
              frontchannel_logout_uri: 'http://localhost:3000/logout',
            },
          },
          registered({ frontchannel_logout_uri: 'http://localhost:3000/logout' }),
        ],
        [
          'a client on loopback registers a back-channel logout URI at a service on loopback',
          {
            body: {
              redirect_uris: ['http://127.0.0.1:8080/callback'],
              backchannel_logout_uri: 'http://127.0.0.1:8080/callback?logout=back',
            },
          },
          registered({ backchannel_logout_uri: 'http://127.0.0.1:8080/callback?logout=back' }),
        ],
        [
          'a logout URI of http on a public host is rejected',
          {
            body: {
              redirect_uris: ['http://localhost:3000/callback'],
              frontchannel_logout_uri: 'http://shop.example/logout',
            },
          },
          rejected('invalid_client_metadata', /frontchannel_logout_uri/),
        ],
      ],

      'RFC 7592 §2.2: empty and null mean omitted, in a registration too': [
        [
          'an empty scope is omitted',
          { body: { ...native('http://127.0.0.1:6274/oauth/callback'), scope: '' } },
          { status: 201, without: ['scope'] },
        ],
        [
          'empty URIs of pages are omitted',
          { body: { ...web, client_uri: '', logo_uri: '', tos_uri: '', policy_uri: '' } },
          { status: 201, without: ['client_uri', 'logo_uri', 'tos_uri', 'policy_uri'] },
        ],
        [
          'an empty name, in a language too, and empty software are omitted',
          {
            body: {
              ...web,
              client_name: '',
              'client_name#de': '',
              software_id: '',
              software_version: '',
            },
          },
          {
            status: 201,
            without: ['client_name', 'client_name#de', 'software_id', 'software_version'],
          },
        ],
        [
          'a member that is null is omitted',
          { body: { ...web, client_name: null, scope: null, jwks: null, logo_uri: null } },
          { status: 201, without: ['client_name', 'scope', 'jwks', 'logo_uri'] },
        ],
        [
          'empty jwks beside jwks_uri are omitted',
          {
            body: {
              ...web,
              token_endpoint_auth_method: 'private_key_jwt',
              jwks: '',
              jwks_uri: 'https://shop.example/jwks',
            },
          },
          { ...registered({ jwks_uri: 'https://shop.example/jwks' }), without: ['jwks'] },
        ],
        [
          'an empty authentication method is omitted, and takes the default of RFC 7591 §2',
          {
            body: {
              redirect_uris: ['com.example.app:/callback'],
              application_type: 'native',
              response_types: ['code'],
              token_endpoint_auth_method: '',
            },
          },
          registered({ token_endpoint_auth_method: 'client_secret_basic' }),
        ],
      ],

      'RFC 6749 §3.3 Access Token Scope': [
        [
          'two spaces in a scope are registered as one',
          { body: { ...web, scope: 'openid  profile' } },
          registered({ scope: 'openid profile' }),
        ],
        [
          'a space at the end of a scope is dropped',
          { body: { ...web, scope: 'openid profile ' } },
          registered({ scope: 'openid profile' }),
        ],
        [
          'a scope of spaces is omitted',
          { body: { ...web, scope: '  ' } },
          { status: 201, without: ['scope'] },
        ],
        [
          'a scope that is a list is rejected in words that name the spaces',
          { body: { ...web, scope: ['openid', 'profile'] } },
          rejected('invalid_client_metadata', /space/),
        ],
        [
          'a scope with a quotation mark is rejected',
          { body: { ...web, scope: 'openid "x' } },
          rejected('invalid_client_metadata', /scope/),
        ],
      ],

      'RFC 8259 §8.1 Character Encoding, RFC 9110 §15.5.16': [
        [
          'a name in UTF-8 is registered as it was sent',
          { body: { ...web, client_name: 'Zoë & Čapek 🦊' } },
          registered({ client_name: 'Zoë & Čapek 🦊' }),
        ],
        [
          'a body in Latin-1 is rejected where its type does not say so',
          { body: nameInLatin1 },
          rejected('invalid_client_metadata', /not UTF-8/),
        ],
        [
          'a body in Latin-1 is an unsupported type where its type says so',
          {
            body: nameInLatin1,
            headers: { 'content-type': 'application/json; charset=iso-8859-1' },
          },
          { status: 415 },
        ],
        [
          'a compressed body is rejected, and the answer names the coding that is accepted',
          { body: gzipSync(JSON.stringify(web)), headers: { 'content-encoding': 'gzip' } },
          { status: 415, headers: { 'accept-encoding': 'identity' } },
        ],
      ],
    },
  )
})

describe('registration by an initial access token, with default settings', () => {
  const callback = ['editor://publisher.extension/callback/abc']
  answers(
    {},
    {
      'RFC 8252 §7.1, RFC 7592 §2.2': [
        [
          'a private-use scheme is registered for a client that says no application_type',
          { body: editor(...callback) },
          registered({ redirect_uris: callback }),
        ],
        [
          'an empty scope, logout URI and algorithm are omitted',
          {
            body: {
              ...web,
              scope: '',
              backchannel_logout_uri: '',
              id_token_signed_response_alg: '',
            },
          },
          {
            status: 201,
            without: ['scope', 'backchannel_logout_uri', 'id_token_signed_response_alg'],
          },
        ],
      ],
    },
    async (api) => ({ authorization: `Bearer ${await api.initialAccessToken()}` }),
  )
})

describe('open registration of hosts and schemes that the settings list', () => {
  const redirect_uris = [
    'quill://mcp/callback',
    'https://app.quill.example/mcp/callback',
    'http://localhost:8787/callback',
  ]
  const redirectUris = { hosts: ['app.quill.example'], schemes: ['quill'] }
  answers(
    { registration: 'dynamic', metadata: { redirectUris } },
    {
      'RFC 8252 §7.1': [
        [
          'a listed scheme is registered beside a listed host and loopback',
          { body: editor(...redirect_uris) },
          registered({ redirect_uris }),
        ],
        [
          'a scheme that is not listed is rejected with those that are',
          { body: editor('inkwell://mcp/callback') },
          rejected('invalid_redirect_uri', /quill/),
        ],
      ],
    },
  )
})

describe('pages of an origin that the settings list', () => {
  const origin = 'http://localhost:6274'
  const preflight = (path: string, method: string, asked: string): Request => ({
    method: 'OPTIONS',
    path,
    headers: {
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': asked,
    },
  })
  const allowed: Answer = {
    status: 204,
    headers: {
      'access-control-allow-origin': origin,
      'access-control-allow-headers': expect.stringMatching(/mcp-protocol-version|^\*$/i),
    },
  }
  answers(
    { registration: 'dynamic', cors: { origins: [origin, 'https://app.example'] } },
    {
      'Fetch Standard, CORS-preflight request': [
        [
          'a preflight of discovery allows the header of the Model Context Protocol',
          preflight('/.well-known/oauth-authorization-server', 'GET', 'mcp-protocol-version'),
          allowed,
        ],
        [
          'a preflight of registration allows the header of the Model Context Protocol',
          preflight('/register', 'POST', 'content-type,mcp-protocol-version'),
          allowed,
        ],
      ],
    },
  )
})

describe('learning tools', () => {
  const toolConfiguration = 'https://purl.imsglobal.org/spec/lti-tool-configuration'
  const configured = {
    domain: 'quiz.example',
    description: '',
    target_link_uri: 'https://quiz.example/',
    claims: ['iss', 'sub'],
    messages: [{ type: 'LtiDeepLinkingRequest' }],
  }
  const tool = {
    application_type: 'web',
    response_types: ['id_token'],
    grant_types: ['implicit', 'client_credentials'],
    initiate_login_uri: 'https://quiz.example/login',
    redirect_uris: ['https://quiz.example/launch'],
    client_name: 'A quiz',
    jwks_uri: 'https://quiz.example/keys',
    token_endpoint_auth_method: 'private_key_jwt',
    scope: 'https://purl.imsglobal.org/spec/lti-ags/scope/score',
    [toolConfiguration]: configured,
  }
  const asTool = {
    response_types: ['id_token'],
    grant_types: expect.arrayContaining(['implicit', 'client_credentials']),
  }
  answers(
    {
      registration: 'dynamic',
      metadata: {
        grantTypes: ['implicit', 'client_credentials'],
        responseTypes: ['id_token'],
        tokenEndpointAuthMethods: ['private_key_jwt'],
        unknown: { allow: { [toolConfiguration]: { type: 'object' } } },
      },
    },
    {
      '1EdTech LTI Dynamic Registration 1.0': [
        [
          'a tool is registered with its configuration as it was sent',
          { body: tool },
          registered({ ...asTool, [toolConfiguration]: configured }),
        ],
        [
          'a tool is registered with implicit where it sends the misspelling of the standard’s example',
          { body: { ...tool, grant_types: ['implict', 'client_credentials'] } },
          registered(asTool),
        ],
        [
          'a tool is registered without a logo where it sends an empty one',
          { body: { ...tool, logo_uri: '' } },
          { ...registered(asTool), without: ['logo_uri'] },
        ],
      ],
    },
  )
})

describe('payment initiators that a directory vouches for', () => {
  const directory = signer('https://directory.example')
  /** The directory says when it was issued, and neither for whom nor until when. */
  const statement = (software_version: unknown) =>
    directory.sign(
      {
        iat: 1_767_225_600,
        exp: undefined,
        software_mode: 'Live',
        software_id: 'payments-1',
        software_client_name: 'A payment initiator',
        software_redirect_uris: ['https://payments.example/callback'],
        software_roles: ['PAYMENTS'],
        software_version,
      },
      { typ: 'JWT' },
    )
  const initiator = (software_version: unknown) => ({
    application_type: 'web',
    grant_types: ['client_credentials', 'authorization_code', 'refresh_token', 'implicit'],
    response_types: ['code id_token'],
    id_token_signed_response_alg: 'PS256',
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_auth_subject_dn: 'CN=payments.example,O=Payments,C=BR',
    jwks_uri: 'https://keystore.example/payments.jwks',
    redirect_uris: ['https://payments.example/callback'],
    software_statement: statement(software_version),
  })
  answers(
    {
      registration: 'dynamic',
      issuer: 'https://as.example',
      softwareStatement: {
        required: true,
        issuers: [{ issuer: directory.issuer, jwks: directory.jwks }],
      },
      metadata: {
        tokenEndpointAuthMethods: ['private_key_jwt', 'tls_client_auth'],
        grantTypes: ['authorization_code', 'refresh_token', 'client_credentials', 'implicit'],
        responseTypes: ['code', 'code id_token'],
      },
    },
    {
      'RFC 7591 §2.3 Software Statement': [
        [
          'a version in a statement that is a text is registered as it is',
          { body: initiator('1.1') },
          registered({ software_id: 'payments-1', software_version: '1.1' }),
        ],
        [
          'a version in a statement that is a decimal number is registered as its text',
          { body: initiator(1.1) },
          registered({ software_id: 'payments-1', software_version: '1.1' }),
        ],
        [
          'a version in a statement that is a whole number is registered as its text',
          { body: initiator(2) },
          registered({ software_id: 'payments-1', software_version: '2' }),
        ],
        [
          'a version in the request itself that is a number is rejected',
          { body: { ...initiator(undefined), software_version: 1.1 } },
          rejected('invalid_client_metadata', /software_version/),
        ],
      ],
    },
  )
})
