import { randomUUID } from 'node:crypto'
import type { SettingsInput } from '../../lib/settings/settings.ts'
import { signer } from '../support/signer.ts'

/** Somebody whose signatures the deployed service is set to trust. */
export type Signatures = {
  readonly settings: Pick<SettingsInput, 'accessTokenIssuers' | 'signedRequest'>
  /** An access token (RFC 9068) for one registration. */
  accessToken(): string
  /** Client metadata as a signed request, for the authorization server that the API speaks for. */
  request(metadata: object): string
}

export function signatures(url: string): Signatures {
  const { issuer, jwks, sign } = signer()
  const audience = 'client-registration'
  const times = () => {
    const iat = Math.floor(Date.now() / 1000)
    return { iat, exp: iat + 300, jti: randomUUID() }
  }
  return {
    settings: {
      accessTokenIssuers: [{ issuer, jwks, audience: [audience], singleUse: true }],
      signedRequest: { issuers: [{ issuer, jwks }] },
    },
    accessToken: () =>
      sign(
        { aud: audience, sub: 'developer-02', scope: 'client-reg', ...times() },
        { typ: 'at+jwt' },
      ),
    request: (metadata) => sign({ aud: url, ...times(), ...metadata }),
  }
}
