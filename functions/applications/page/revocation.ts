import { Refusal, remove } from './api.ts'
import { confirmed } from './dialogs.ts'
import { element } from './elements.ts'
import { clamped } from './foreign.ts'

/** Ids of tokens that are known to be gone. */
const gone = new Set<string>()

export const isGone = (id: string): boolean => gone.has(id)

/**
 * Revokes an initial access token once that is confirmed; resolves to what there is to say of it, or to undefined where
 * it was not confirmed.
 */
export async function revokeToken(id: string, owner?: string): Promise<string | undefined> {
  const sure = await confirmed({
    heading: 'Revoke this token?',
    lines: [
      ...(owner === undefined ? [] : [clamped(owner)]),
      element('code', {}, id),
      'Nobody can register with it any more. Clients that it registered stay.',
    ],
    action: 'Revoke',
  })
  if (!sure) return undefined
  try {
    await remove(`initial-access-tokens/${encodeURIComponent(id)}`)
    gone.add(id)
    return `Revoked ${id}.`
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 404) throw error
    gone.add(id)
    return `${id} is gone already: it was revoked, or has expired.`
  }
}
