import { ApiError, remove } from './api.ts'
import { confirmed } from './dialogs.ts'
import { element } from './elements.ts'
import { truncatedName } from './untrusted-text.ts'

/** Ids of tokens that are known to be revoked or expired. */
const revokedTokens = new Set<string>()

export const isRevoked = (id: string): boolean => revokedTokens.has(id)

/**
 * Revokes an initial access token after confirmation. Returns the message to announce, or undefined
 * if the operator cancels. A token that no longer exists is not an error.
 */
export async function revokeToken(id: string, owner?: string): Promise<string | undefined> {
  const sure = await confirmed({
    heading: 'Revoke this token?',
    lines: [
      ...(owner === undefined ? [] : [truncatedName(owner)]),
      element('code', {}, id),
      'Nobody can register with it any more. Clients that it registered stay.',
    ],
    action: 'Revoke',
  })
  if (!sure) return undefined
  try {
    await remove(`initial-access-tokens/${encodeURIComponent(id)}`)
    revokedTokens.add(id)
    return `Revoked ${id}.`
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error
    revokedTokens.add(id)
    return `${id} is gone already: it was revoked, or has expired.`
  }
}
