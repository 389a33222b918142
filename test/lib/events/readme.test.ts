import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type DetailType, details } from '../../../lib/events/registry-event.ts'

const readme = readFileSync(new URL('../../../lib/events/README.md', import.meta.url), 'utf8')

/** The rows of the table in this section, as cells. */
function rows(section: string): string[][] {
  const [, part = ''] = readme.split(`## ${section}\n`)
  const lines = (part.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| `'))
  return lines.map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
}

/** Each member of a kind with whether it may be left out; of members that only some types have, those that name them. */
const documented = (section: string, extra: string) =>
  rows(section)
    .filter(([, , , meaning = '']) => !meaning.includes(' only:'))
    .map(([, member, type]) => [member, type?.includes('optional') === true])
    .concat(extra === '' ? [] : [[extra, extra !== 'changed']])
    .sort()

describe('lib/events/README.md', () => {
  test('names every detail type, and no other', () => {
    expect(rows('Detail types').map(([, type]) => type)).toEqual(Object.keys(details))
  })

  test.each(rows('Detail types').map(([, type = '', , extra = '']) => [type, extra]))(
    '%s has the members that are documented, and no other',
    (type, extra) => {
      const kind = type.startsWith('client.') ? 'Client' : 'Initial access token'
      const { entries } = details[type as DetailType]
      const members = Object.entries(entries).map(([name, rule]) => [
        name,
        rule.type === 'exact_optional',
      ])
      expect(members.sort()).toEqual(documented(`${kind} event fields`, extra))
    },
  )
})
