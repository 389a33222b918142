import assert from 'node:assert/strict'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import fc from 'fast-check'
import { bearerToken } from '../../functions/http/request.ts'
import { OAuthError } from '../../lib/errors.ts'
import { decodeCursor, encodeCursor } from '../../lib/operator/pagination.ts'
import {
  initialAccessTokenId,
  isInitialAccessTokenId,
} from '../../lib/tokens/initial-access-token.ts'
import {
  carriesMac,
  parseRegistrationAccessToken,
} from '../../lib/tokens/registration-access-token.ts'
import { fuzzed } from './fuzzed.ts'

/** What `act` returns, or 'rejected' if it throws the documented error. */
function outcome<Value>(act: () => Value): Value | 'rejected' {
  try {
    return act()
  } catch (error) {
    assert(error instanceof OAuthError, error instanceof Error ? error : String(error))
    assert.equal(error.code, 'invalid_request')
    return 'rejected'
  }
}

const bearerOf = (authorization: string | undefined, rawQueryString = '') => {
  const headers = authorization === undefined ? {} : { authorization }
  return outcome(() => bearerToken({ headers, rawQueryString } as APIGatewayProxyEventV2)) // no more of it is read
}

const parts = fc.constantFrom(
  ...[
    'Bearer',
    'bearer',
    'BEARER',
    'Basic',
    'DPoP',
    'Bearerabc',
    'a',
    'a.b.c',
    'YTpi',
    'a==',
    '=a',
  ],
  ...[' ', '  ', '\t', ',', ', ', '=', '"', "'", ':', ';', '\u0000', '\u00a0', 'é', 'K', '~+/-._'],
)
const headers = fc.oneof(
  { arbitrary: fc.array(parts, { maxLength: 12 }).map((list) => list.join('')), weight: 20 },
  { arbitrary: fc.string({ unit: 'binary' }).map((text) => `Bearer ${text}`), weight: 5 },
  {
    // API Gateway accepts 10,240 bytes of headers.
    arbitrary: fc
      .tuple(parts, parts, fc.integer({ min: 1, max: 10_240 }))
      .map(([part, end, length]) => `Bearer ${part.repeat(length / part.length)}${end}`),
    weight: 1,
  },
)

/** RFC 6750 §2.1: `b64token`. */
const isToken68 = (token: string) => /^[A-Za-z0-9\-._~+/]+=*$/.test(token)

const names = fc.constantFrom('access_token', 'access%5ftoken', 'Access_token', 'a', 'access+token')
const queries = fc
  .array(fc.tuple(names, fc.constantFrom('', '=', '=a', '=%zz'), fc.constantFrom('&', ';', '?')))
  .map((list) => list.flat().join(''))

/** Almost the tokens of this service. */
const tokens = fc
  .tuple(
    fc.constantFrom('iat_', 'rat_', 'iat_s', 'iat_a', 'IAT_n', ''),
    fc.stringMatching(/^[0-9a-fg]{19,21}$/),
    fc.constantFrom('_', '', '\n'),
    fc.stringMatching(/^([\w-]{43}|[\w-]{64}|[\w-]{0,70})[\n=.]?$/),
  )
  .chain(([prefix, id, mark, secret]) =>
    fc.constantFrom(`${prefix}${id}${mark}${secret}`, `${prefix}${secret}`),
  )

const cursors = fc.oneof(
  fc
    .tuple(fc.nat(), fc.oneof(fc.stringMatching(/^[!-~]{1,20}$/), fc.string({ unit: 'binary' })))
    .map(([time, id]) => encodeCursor(`${time}#${id}`)),
  fc.base64String(),
  fc.string({ unit: 'binary' }),
)

export const bearer = [
  fuzzed(
    'an Authorization header has no bearer, one token68, or is rejected',
    headers,
    (header) => {
      const token = bearerOf(header)
      if (token === 'rejected') return false
      const schemes = header.split(',').map((part) => part.trim().toLowerCase().split(/\s/)[0])
      if (token === undefined) {
        assert(!schemes.includes('bearer'))
        return false
      }
      assert(isToken68(token))
      assert.equal(header.slice('Bearer'.length).replaceAll(' ', ''), token)
      assert.equal(bearerOf(`Bearer ${token}`), token)
      return true
    },
  ),
  fuzzed(
    'a token in the query is always rejected',
    fc.tuple(queries, headers),
    ([query, header]) => {
      const names = [...new URLSearchParams(query).keys()]
      if (names.includes('access_token')) assert.equal(bearerOf(header, query), 'rejected')
      else assert.deepEqual(bearerOf(header, query), bearerOf(header))
      return !names.includes('access_token')
    },
  ),
  fuzzed('a token of this service has exactly one form', tokens, (token) => {
    const id = initialAccessTokenId(token)
    if (id !== undefined) {
      assert(isInitialAccessTokenId(id) && isToken68(token))
      assert.equal(`iat_${id}_${token.slice(-43)}`, token)
    }
    const registration = parseRegistrationAccessToken(token)
    if (registration === undefined) return id !== undefined
    assert(id === undefined && isToken68(token))
    assert.equal(registration, token)
    assert.equal(token.length, carriesMac(registration) ? 68 : 47)
    return true
  }),
  fuzzed('a cursor is rejected, or is a position that is encoded again', cursors, (cursor) => {
    const position = outcome(() => decodeCursor(cursor))
    if (position === 'rejected' || position === undefined) return false
    assert.equal(decodeCursor(encodeCursor(position)), position)
    assert.match(position, /^\d+#[\x21-\x7e]+$/)
    return true
  }),
]
