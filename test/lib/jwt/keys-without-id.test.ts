import { expect, test } from 'vitest'
import { verifyAccessToken } from '../../../lib/jwt/access-token.ts'
import { trust } from '../../../lib/jwt/trust.ts'
import { parseSettings } from '../../../lib/settings/settings.ts'
import { now } from '../../support/clients.ts'
import { signer } from '../../support/signer.ts'

const issuer = signer()
const other = signer(issuer.issuer)

/** Verifies a token that names no key, where the issuer has two. */
function verify(jwt: string) {
  const audience = ['https://as.example/register']
  const jwks = { keys: [...other.jwks.keys, ...issuer.jwks.keys].map(({ kid: _, ...key }) => key) }
  const settings = parseSettings({
    accessTokenIssuers: [{ issuer: issuer.issuer, jwks, audience }],
  })
  const noNetwork = () => Promise.reject(new Error('no network'))
  return verifyAccessToken(jwt, trust(settings, noNetwork).accessTokens, now)
}

test('a token that names no key is verified by any key of its issuer', async () => {
  const header = { kid: undefined }
  expect(await verify(issuer.accessToken({}, header))).toMatchObject({ sub: 'alice' })
  await expect(verify(signer(issuer.issuer).accessToken({}, header))).rejects.toThrow(
    'no key of the issuer verifies the signature',
  )
})

test.each([
  [{ exp: now - 60 }, 'it has expired'],
  [{ aud: 'https://another.example' }, 'aud is not accepted'],
])(
  'a token that names no key is rejected for its claim %j, not for its signature',
  async (claims, reason) => {
    await expect(verify(issuer.accessToken(claims, { kid: undefined }))).rejects.toThrow(reason)
  },
)
