import { OAuthError } from '../../lib/errors.ts'
import { log } from '../log.ts'
import type { Pipeline } from './pipeline.ts'
import { errorResponse } from './response.ts'

/**
 * Maps every error to a response: an OAuthError to its own status, any other error to a 500. Errors
 * with a 5xx status are logged.
 */
export const errorHandler = (): Pipeline => ({
  onError: async (request) => {
    const { error } = request
    const oauthError =
      error instanceof OAuthError
        ? error
        : new OAuthError('server_error', 'internal server error', { cause: error })
    if (oauthError.status >= 500) log.fault(oauthError.description, oauthError.details.cause)
    request.error = oauthError
    request.response = errorResponse(oauthError)
  },
})
