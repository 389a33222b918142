import { OAuthError } from '../../lib/errors.ts'
import { noteAnswered } from '../request-context.ts'

/** Milliseconds that a request may take: its client waits ten seconds, and should hear from us before it gives up. */
const deadlineMs = 8_000

/**
 * The answer, or OAuthError `temporarily_unavailable` where it takes too long: what still works for the request then
 * begins nothing more in the database.
 */
export async function withinDeadline<Answer>(answer: Promise<Answer>): Promise<Answer> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    const cause = new Error(`no answer within ${deadlineMs} ms`)
    const description = 'the service is temporarily unavailable; retry later'
    reject(new OAuthError('temporarily_unavailable', description, { cause }))
  }, deadlineMs)
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
    noteAnswered()
  }
}
