import { element } from './elements.ts'
import { untrustedText } from './untrusted-text.ts'

/**
 * Client metadata (RFC 7591 §2), sorted by member name. URIs are shown as text, not as links,
 * because they are client input.
 */
export const metadata = (members: object) =>
  Object.entries(members)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => [untrustedText(name), shown(value)] as const)

function shown(value: unknown): readonly Node[] {
  if (typeof value === 'string') return [untrustedText(value)]
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return value.map((item) => untrustedText(item))
  const lines = JSON.stringify(value, null, 2).split('\n')
  return [
    element(
      'code',
      {},
      ...lines.map((line) => element('span', { class: 'line' }, untrustedText(line))),
    ),
  ]
}
