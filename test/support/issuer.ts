import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import {
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JSONWebKeySet,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose'
import { listen } from './loopback.ts'

/** Claims of a JWT; one that is undefined is left out. */
type Claims = { readonly [Name in keyof JWTPayload]?: JWTPayload[Name] | undefined }

export type IssuerOptions = {
  /** JWS algorithm of its keys; ES256 unless given. */
  readonly alg?: string
  /** `aud` of the access tokens. */
  readonly audience?: string | string[]
  /** Seconds until a token expires. */
  readonly lifetime?: number
  /** The secret of each client that the token endpoint knows. */
  readonly clients?: Readonly<Record<string, string>>
}

export type Issuer = {
  readonly issuer: string
  readonly jwksUri: string
  /** RFC 6749 §4.4: takes client credentials, by `client_secret_basic`. */
  readonly tokenEndpoint: string
  /** The public keys as they are served now. */
  readonly jwks: JSONWebKeySet
  /** RFC 9068 §2: an access token. */
  accessToken(claims?: Claims, header?: Partial<JWTHeaderParameters>): Promise<string>
  /** Any other JWT: a software statement, a signed request; with `iss`, `iat` and `exp` unless given. */
  sign(claims: Claims, header?: Partial<JWTHeaderParameters>): Promise<string>
  /** Replaces the key; what the old one signed cannot be verified any more. */
  rotateKey(): Promise<void>
  close(): Promise<void>
}

type Key = { readonly privateKey: CryptoKey; readonly jwks: JSONWebKeySet; readonly kid: string }

async function generateKey(alg: string): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair(alg)
  const kid = randomUUID()
  const jwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }
  return { privateKey, kid, jwks: { keys: [jwk] } }
}

/** An issuer of JWTs on loopback, with its own keys, their JWKS and a token endpoint. */
export async function startIssuer(options: IssuerOptions = {}): Promise<Issuer> {
  const { alg = 'ES256', audience = 'client-registration', lifetime = 300, clients = {} } = options
  let key = await generateKey(alg)
  const server = createServer((request, response) => void serve(request, response))
  const { port, close } = await listen(server)
  const issuer = `http://127.0.0.1:${port}`

  function sign(claims: Claims, header: Partial<JWTHeaderParameters> = {}) {
    const iat = Math.floor(Date.now() / 1000)
    const payload = { iss: issuer, iat, exp: iat + lifetime, ...claims }
    const crit = Object.fromEntries((header.crit ?? []).map((name) => [name, true]))
    return new SignJWT(payload as JWTPayload) // JSON leaves out what is undefined
      .setProtectedHeader({ alg, kid: key.kid, ...header })
      .sign(key.privateKey, { crit })
  }

  function accessToken(claims: Claims = {}, header: Partial<JWTHeaderParameters> = {}) {
    const usual = { aud: audience, sub: 'user-01', client_id: 'app-01', jti: randomUUID() }
    return sign({ ...usual, scope: '', ...claims }, { typ: 'at+jwt', ...header })
  }

  /** RFC 6749 §4.4.2: a request with a client's secret receives the requested scope. */
  async function grant(request: IncomingMessage) {
    const [, encoded = ''] = request.headers.authorization?.split(' ') ?? []
    const [client_id = '', secret] = Buffer.from(encoded, 'base64').toString().split(':')
    const form = new URLSearchParams(await text(request))
    if (!Object.hasOwn(clients, client_id) || clients[client_id] !== secret)
      return [401, { error: 'invalid_client' }] as const
    if (form.get('grant_type') !== 'client_credentials')
      return [400, { error: 'unsupported_grant_type' }] as const
    const scope = form.get('scope') ?? ''
    const access_token = await accessToken({ sub: client_id, client_id, scope })
    return [200, { access_token, token_type: 'Bearer', expires_in: lifetime, scope }] as const
  }

  async function serve(request: IncomingMessage, response: ServerResponse) {
    const route = `${request.method} ${request.url}`
    const [status, body] =
      route === 'GET /jwks'
        ? ([200, key.jwks] as const)
        : route === 'POST /token'
          ? await grant(request)
          : ([404, {}] as const)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }

  return {
    issuer,
    jwksUri: `${issuer}/jwks`,
    tokenEndpoint: `${issuer}/token`,
    get jwks() {
      return key.jwks
    },
    accessToken,
    sign,
    rotateKey: async () => {
      key = await generateKey(alg)
    },
    close,
  }
}
