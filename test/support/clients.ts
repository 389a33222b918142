import { OAuthError } from '../../lib/errors.ts'
import type { JsonObject } from '../../lib/json.ts'
import { issueInitialAccessToken } from '../../lib/operator/issue-initial-access-token.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { Server } from '../../lib/server.ts'
import { masterToken } from './compose.ts'

/** Unix seconds at which the tests' story begins. */
export const now = 1_800_000_000

/** The metadata of an ordinary client. */
export const ordinary = {
  client_name: 'An ordinary client',
  redirect_uris: ['https://client.example/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
  scope: 'openid profile',
}

/** Issues an initial access token; resolves to its value. */
export async function initialAccessToken(server: Server, body: JsonObject = {}, at = now) {
  const request = { bearer: masterToken, body, now: at }
  return (await issueInitialAccessToken(request, server)).access_token
}

/** Registers a client whose credentials are known to be there. */
export async function registered(server: Server, body: JsonObject = ordinary) {
  const answer = await registerClient({ bearer: masterToken, body, now }, server)
  const { client_id, registration_access_token: token } = answer
  if (token === undefined) throw new Error('no registration access token was issued')
  return { ...answer, client_id, token }
}

/** 'ok', or the code of the rejection that a request ends with. */
export async function outcomeOf(request: Promise<unknown>): Promise<string> {
  try {
    await request
    return 'ok'
  } catch (error) {
    if (error instanceof OAuthError) return error.code
    throw error
  }
}

/** How often each outcome came. */
export function tally(outcomes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}
