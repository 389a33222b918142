import { OAuthError } from '../../lib/errors.ts'

/** The error of a member whose value the server cannot hold. It does not name the server. */
export const unsupported = (member: string) =>
  new OAuthError(
    'invalid_client_metadata',
    `${member}: the authorization server does not support this value`,
  )
