import type { Settings } from '../settings/schema.ts'
import { memberDocs } from './member-docs.ts'

/**
 * The members in settings.metadata.unknown.allow that a specification or this service already
 * defines, so that the declaration has no effect. Called at synthesis only: a Lambda does not
 * bundle the names.
 */
export function shadowedMembers({ metadata: { unknown } }: Settings): readonly string[] {
  const declared = typeof unknown === 'object' ? Object.keys(unknown.allow) : []
  return declared.filter((name) => Object.hasOwn(memberDocs, name))
}
