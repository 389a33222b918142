import { element, foreign } from './elements.ts'

/** Client metadata (RFC 7591 §2), member by member. A URI stays text: whoever registered it chose where it leads. */
export const metadata = (members: object) =>
  Object.entries(members)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => [name, shown(value)] as const)

function shown(value: unknown): readonly Node[] {
  if (typeof value === 'string') return [foreign(value)]
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return value.map((item) => element('span', { dir: 'auto' }, item))
  return [element('code', {}, JSON.stringify(value, null, 2))]
}
