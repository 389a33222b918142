import type { Settings } from '../settings/schema.ts'
import { members } from './client-metadata.ts'
import { text } from './rules/rule.ts'

const textMembers = new Set(
  Object.entries(members).flatMap(([name, { rule }]) => (rule === text ? [name] : [])),
)

/** Whether a member is free text: a standard text member in any language, or a custom one. */
export function isTextMember(name: string, { metadata: { unknown } }: Settings): boolean {
  const declared = typeof unknown === 'object' ? new Map(Object.entries(unknown.allow)) : undefined
  return textMembers.has(name.replace(/#.*/s, '')) || declared?.get(name)?.type === 'string'
}
