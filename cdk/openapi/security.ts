import type { Settings } from '../../lib/settings/settings.ts'
import type { JsonSchema } from './json-schema.ts'

const bearer = (description: string): JsonSchema => ({
  type: 'http',
  scheme: 'bearer',
  description,
})

/** RFC 6750 §2.1: every token is sent in the Authorization header. */
export const securitySchemes = {
  initialAccessToken: bearer(
    'An initial access token (RFC 7591 §1.2), which the operator issues, or the master token.',
  ),
  registrationAccessToken: bearer('The registration access token of this client (RFC 7592 §1.2).'),
  operator: bearer('The master token.'),
  accessToken: {
    ...bearer('An access token of a trusted issuer, with the scope that the request needs.'),
    bearerFormat: 'JWT',
  },
}

/** A security requirement: one scheme, and the scope that its token needs. */
const requires = (scheme: keyof typeof securitySchemes, ...scopes: string[]): JsonSchema => ({
  [scheme]: scopes,
})

/** Who may register. */
export const registrationSecurity = ({
  registration,
  registrationScope,
  accessTokenIssuers,
}: Settings): readonly JsonSchema[] => [
  requires('initialAccessToken'),
  ...(accessTokenIssuers.length > 0
    ? [requires('accessToken', ...(registration === 'scoped' ? [registrationScope] : []))]
    : []),
  ...(registration === 'dynamic' ? [{}] : []),
]

export const clientSecurity: readonly JsonSchema[] = [requires('registrationAccessToken')]

/** Who acts as the operator. */
export const operatorSecurity = ({
  accessTokenIssuers,
  adminScope,
}: Settings): readonly JsonSchema[] => [
  requires('operator'),
  ...(accessTokenIssuers.some(({ administers }) => administers)
    ? [requires('accessToken', adminScope)]
    : []),
]

/** Who reads clients: the operator, or an authorization server. */
export const readerSecurity = (settings: Settings): readonly JsonSchema[] => [
  ...operatorSecurity(settings),
  ...(settings.accessTokenIssuers.some(({ administers, reads }) => administers || reads)
    ? [requires('accessToken', settings.readScope)]
    : []),
]

/** Who reports that clients were used: the operator, or an authorization server. */
export const reporterSecurity = (settings: Settings): readonly JsonSchema[] => [
  ...operatorSecurity(settings),
  ...(settings.accessTokenIssuers.some(({ administers, reportsUse }) => administers || reportsUse)
    ? [requires('accessToken', settings.useScope)]
    : []),
]
