import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { describe, expect, test } from 'vitest'
import { bearerToken } from '../../../functions/http/request.ts'
import { OAuthError } from '../../../lib/errors.ts'

/** The bearer of a request with this header, or the code of the rejection. */
function bearerOf(authorization: string | undefined, rawQueryString = ''): string | undefined {
  const headers = authorization === undefined ? {} : { authorization }
  try {
    return bearerToken({ headers, rawQueryString } as APIGatewayProxyEventV2) // no more of it is read
  } catch (error) {
    if (error instanceof OAuthError) return error.code
    throw error
  }
}

describe('RFC 6750 §2.1 the Authorization header', () => {
  test.each([
    ['Bearer abc.-_~+/==', 'abc.-_~+/=='],
    ['bearer   abc  ', 'abc'],
  ])('with the value %j has a bearer', (header, bearer) => {
    expect(bearerOf(header)).toBe(bearer)
  })

  test.each([undefined, '', 'Basic YTpi', 'DPoP abc', 'Bearerabc', 'Digest a="bearer"'])(
    'with the value %j has no bearer',
    (header) => {
      expect(bearerOf(header)).toBeUndefined()
    },
  )

  test.each([
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer a,b',
    'Bearer a=b',
    'Bearer "a"',
    'Bearer\ta',
    'Bearer \u0430',
    'Bearer a\n',
    'Bearer a,Bearer b',
    'Bearer a, Basic YTpi',
    // Not to be taken for a request without a token, which some servers admit.
    'Basic YTpi,Bearer a',
    'Basic YTpi, bearer a',
  ])('with the value %j is malformed', (header) => {
    expect(bearerOf(header)).toBe('invalid_request')
  })

  test.each(['access_token=a', 'access_token', 'a=b&access_token=', 'access%5Ftoken=a'])(
    'is rejected together with a token in the query, and so is that alone: %s',
    (query) => {
      expect(bearerOf(undefined, query)).toBe('invalid_request')
      expect(bearerOf('Bearer a', query)).toBe('invalid_request')
    },
  )

  test('of the maximum length is judged at once', () => {
    const begin = performance.now()
    for (const part of [' ', ',', ', ', 'a', 'Bearer ', 'Bearer a,', '=', 'bearer\t'])
      for (const end of ['', '!', ' !']) bearerOf(`Bearer ${part.repeat(10_000)}${end}`)
    expect(performance.now() - begin).toBeLessThan(1_000)
  })
})
