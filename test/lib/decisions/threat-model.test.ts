import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { codeSpans, read, root, rows } from './tables.ts'

const page = 'lib/decisions/threat-model.md'

/** `§4.1` to `§4.17`, for example. */
const numbered = (chapter: number, last: number): string[] =>
  Array.from({ length: last }, (_, index) => `§${chapter}.${index + 1}`)

/** Each standard, and the sections of its threats or practices; then what this service adds. */
const standards: Readonly<Record<string, readonly string[]>> = {
  'RFC 7591 Dynamic Client Registration': ['§5', '§6'],
  'RFC 7592 Dynamic Client Registration Management': ['§5', '§6'],
  'RFC 6750 Bearer Token Usage': ['§5.2', '§5.3'],
  'RFC 9700 OAuth 2.0 Security': numbered(4, 17),
  'RFC 8725 JSON Web Token': numbered(3, 12),
  'Finding clients': ['ours'],
  'Renewed client secrets': ['ours'],
  'Approval of registrations': ['§6.1', '§6.2', '§6.3', '§6.4', '§6.5'],
  'Use and clean-up': ['reports', 'clean-up'],
  'Sharing, quotas, repetition and dry runs': ['sharing', 'quotas', 'repetition', 'dry runs'],
}

const settings = new Set(
  [...read('lib/settings/reference.md').matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name),
)

const threats = Object.keys(standards).flatMap((standard) =>
  rows(page, standard).map(([section = '', threat = '', defense = '', tests = '']) => ({
    threat: `${standard.slice(0, 8)} ${section}: ${threat}`,
    defense,
    tests,
  })),
)

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Whether a file of tests has one with this title, as its source says it. */
const hasTest = (path: string, title: string): boolean =>
  new RegExp(`(?<!describe)\\(\\s*(['"])${escaped(title)}\\1,`).test(read(path))

describe('lib/decisions/threat-model.md', () => {
  test.each(Object.entries(standards))('has a row for each section of %s', (standard, sections) => {
    const listed = rows(page, standard).map(([section]) => section)
    expect(sections.filter((section) => !listed.includes(section))).toEqual([])
  })

  test.each(threats)('names tests that exist, or the reason for none, at $threat', ({ tests }) => {
    const references = codeSpans(tests).map((span) => span.split(' › '))
    if (references.length === 0) expect(tests).toMatch(/^none: \w+ \w+/)
    for (const [path = '', title = ''] of references)
      expect(hasTest(path, title), `${path} › ${title}`).toBe(true)
  })

  test.each(threats)('names files and settings that exist, at $threat', ({ defense }) => {
    const named = codeSpans(defense).filter((span) =>
      /^(lib|functions|cdk)\/|^\w+\.\w|^[a-z]+[A-Z]/.test(span),
    )
    const missing = named.filter((name) =>
      name.includes('/') ? !existsSync(join(root, name)) : !settings.has(name),
    )
    expect(missing).toEqual([])
  })
})
