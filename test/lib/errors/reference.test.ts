import { describe, expect, test } from 'vitest'
import { committedErrors, errorReference } from './reference.ts'
import { type Row, rows } from './rows.ts'
import { sources, thrown } from './sources.ts'

const described: readonly Row[] = Object.values(rows).flat()

describe('lib/errors.md', () => {
  test('is current (npm run reference writes it)', () => {
    expect(committedErrors()).toBe(errorReference())
  })

  test.each(thrown)(
    'lists $code: $description, which a request can meet',
    ({ code, description }) => {
      const listed = Object.entries(rows).find(([name]) => name === code)?.[1] ?? []
      expect(listed.map(([own]) => own)).toContain(description)
    },
  )

  test.each(described)('lists "%s" in the words of the source', (description) => {
    const words = description.split('…').map((text) => text.replace(/^: /, '').trim())
    for (const text of words) expect(sources.includes(text), text).toBe(true)
  })
})
