import assert from 'node:assert/strict'
import fc from 'fast-check'
import { OAuthError } from '../../lib/errors.ts'
import { isObject } from '../../lib/json.ts'
import { looksLikeJwt, verifyAccessToken } from '../../lib/jwt/access-token.ts'
import { verifySignedRequest } from '../../lib/jwt/signed-request.ts'
import { trust } from '../../lib/jwt/trust.ts'
import { InvalidJwtError, unverifiedClaims } from '../../lib/jwt/trusted-issuers.ts'
import { parseSettings } from '../../lib/settings/settings.ts'
import { now } from '../support/clients.ts'
import { compact, signer } from '../support/signer.ts'
import { fuzzed } from './fuzzed.ts'

const registrationEndpoint = 'https://as.example/register'
const { issuer, jwks, sign, accessToken, mac } = signer()
const trusted = { issuer, jwks }
const settings = parseSettings({
  accessTokenIssuers: [{ ...trusted, audience: [registrationEndpoint], requireJti: false }],
  signedRequest: { issuers: [trusted], requireJti: false },
})
const server = {
  settings,
  issuer: 'https://as.example',
  registrationEndpoint,
  trust: trust(settings, () => Promise.reject(new Error('no JWT here has a URL of keys'))),
}

/** What a verifier resolves to, or undefined if it rejects with a documented error. */
async function verified<Value>(verifying: Promise<Value>): Promise<Value | undefined> {
  try {
    return await verifying
  } catch (error) {
    if (error instanceof OAuthError) assert.equal(error.status, 400)
    else assert(error instanceof InvalidJwtError, error instanceof Error ? error : String(error))
    return undefined
  }
}

const verifyToken = (jwt: string) =>
  verified(verifyAccessToken(jwt, server.trust.accessTokens, now))
const verifyRequest = (jwt: string) => verified(verifySignedRequest(jwt, now, server))

const valid = [
  accessToken(),
  accessToken({ jti: undefined }),
  sign({ aud: registrationEndpoint, redirect_uris: ['https://client.example/'] }),
]
const invalid = [mac(), sign({}, { alg: 'none' }), compact({ alg: 'none' }, { iss: issuer })]

const cut = fc
  .tuple(
    fc.constantFrom(...valid, ...invalid),
    fc.nat(2_000),
    fc.nat(4),
    fc.string({ maxLength: 4 }),
  )
  .map(([jwt, at, length, put]) => {
    const start = at % (jwt.length + 1)
    return jwt.slice(0, start) + put + jwt.slice(start + length)
  })
const mixed = fc
  .array(fc.constantFrom(...[...valid, ...invalid].flatMap((jwt) => jwt.split('.')), '', 'e30'), {
    maxLength: 5,
  })
  .map((parts) => parts.join('.'))
const long = fc
  .tuple(fc.constantFrom('a', 'e30.', '.', '-', 'a.'), fc.nat(65_536))
  .map(([part, length]) => part.repeat(length / part.length))
const texts = fc.oneof(
  { arbitrary: cut, weight: 200 },
  { arbitrary: mixed, weight: 100 },
  { arbitrary: fc.string({ unit: 'binary' }), weight: 20 },
  { arbitrary: long, weight: 1 },
)

/** A signed text: the first two parts. */
const signingInput = (jwt: string) => jwt.slice(0, jwt.lastIndexOf('.'))

const values = fc.oneof(
  fc.constantFrom<unknown>(
    issuer,
    registrationEndpoint,
    'a',
    '',
    '\ud800',
    '["a","b"]',
    null,
    true,
  ),
  fc.constantFrom<unknown>(now, now + 300, now - 1, 0, -1, 1.5, 1e300, 2 ** 53, 'x'.repeat(256)),
  fc.jsonValue({ maxDepth: 2 }),
)
const claims = fc.dictionary(
  fc.constantFrom(
    ...['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'scope', 'cnf', 'client_id', '__proto__'],
    ...['constructor', 'redirect_uris'],
  ),
  values,
  { maxKeys: 4, noNullPrototype: true },
)
const headers = fc.dictionary(
  fc.constantFrom('alg', 'typ', 'kid', 'crit', 'b64', 'jwk', 'jku', 'zip', 'cty', 'enc'),
  fc.oneof(
    fc.constantFrom<unknown>('none', 'HS256', 'at+jwt', 'JWT', ['exp'], ['b64'], false),
    values,
  ),
  { maxKeys: 2, noNullPrototype: true },
)

/** Claims about a JWT, and names that no member has. */
const excluded = ['iss', 'aud', 'exp', 'nbf', 'iat', 'jti', 'sub', 'constructor', '__proto__']

export const jwt = [
  fuzzed('an altered JWT is never verified', texts, async (text) => {
    const isVerified =
      (await verifyToken(text)) !== undefined || (await verifyRequest(text)) !== undefined
    if (isVerified) assert(valid.map(signingInput).includes(signingInput(text)))
    return isVerified
  }),
  fuzzed('a text is not a JWT, or has claims that are an object', texts, (text) => {
    if (looksLikeJwt(text)) assert.equal(text.split('.').length, 3)
    try {
      const read = unverifiedClaims(text)
      assert(isObject(read))
      return true
    } catch (error) {
      assert(error instanceof InvalidJwtError, error instanceof Error ? error : String(error))
      return false
    }
  }),
  fuzzed(
    'an access token of any claims is rejected, or names whom it is for',
    fc.tuple(claims, headers),
    async ([sent, header]) => {
      const token = await verifyToken(accessToken(sent, header))
      if (token === undefined) return false
      const { sub, scope, remembered_until } = token
      assert(sub === undefined || (sub !== '' && sub.length <= 255 && sub.isWellFormed()))
      assert.equal(typeof scope, 'string')
      assert(Number.isSafeInteger(remembered_until) && remembered_until > now)
      assert(!('cnf' in sent) && !('iss' in sent && sent.iss !== issuer))
      return true
    },
  ),
  fuzzed(
    'a signed request of any claims is rejected, or becomes metadata',
    fc.tuple(claims, headers),
    async ([sent, header]) => {
      const request = await verifyRequest(sign({ aud: registrationEndpoint, ...sent }, header))
      if (request === undefined) return false
      assert(!excluded.some((name) => Object.hasOwn(request.metadata, name)))
      const { remembered_until } = request.replay ?? { remembered_until: now + 1 }
      assert(Number.isSafeInteger(remembered_until) && remembered_until > now)
      return true
    },
  ),
]
