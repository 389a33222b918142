import type { Settings } from '../settings/schema.ts'
import { memberDocs } from './member-docs.ts'

/**
 * The members that settings.metadata.unknown.allow declares although a specification, or this service, defines them:
 * the declarations have no effect. For synthesis, which has the names at hand; a Lambda does not carry them.
 */
export function shadowedMembers({ metadata: { unknown } }: Settings): readonly string[] {
  const declared = typeof unknown === 'object' ? Object.keys(unknown.allow) : []
  return declared.filter((name) => Object.hasOwn(memberDocs, name))
}
