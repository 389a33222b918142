import { OAuthError } from '../../lib/errors.ts'
import { log } from '../log.ts'
import type { Pipeline } from './pipeline.ts'
import { errorResponse } from './response.ts'

/** Makes an answer of every error: a refusal of ours as it says, a fault a logged 500. */
export const answerErrors = (): Pipeline => ({
  onError: async (request) => {
    const { error } = request
    const refusal =
      error instanceof OAuthError
        ? error
        : new OAuthError('server_error', 'the request failed by a fault of ours', { cause: error })
    if (refusal.status >= 500) log.fault(refusal.description, refusal.details.cause)
    request.error = refusal
    request.response = errorResponse(refusal)
  },
})
