import { OAuthError } from '../../lib/errors.ts'
import { log } from '../log.ts'
import type { Pipeline } from './pipeline.ts'
import { errorResponse } from './response.ts'

/** Makes an answer of every error: a refusal of ours as it says, a fault a logged 500. */
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
