import { serviceUnavailable } from '../../lib/errors.ts'
import { noteAnswered } from '../request-context.ts'

/**
 * Maximum duration of a request. It is below the ten seconds that a client waits, so that the
 * client receives an error instead of running into its own timeout.
 */
const deadlineMs = 8_000

/**
 * Returns the response, or throws OAuthError `temporarily_unavailable` after the deadline. Work
 * that is still pending then cannot send further requests to DynamoDB.
 */
export async function withinDeadline<Answer>(answer: Promise<Answer>): Promise<Answer> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    reject(serviceUnavailable(new Error(`no answer within ${deadlineMs} ms`)))
  }, deadlineMs)
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
    noteAnswered()
  }
}
