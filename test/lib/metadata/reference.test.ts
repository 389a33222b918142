import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { expect, test } from 'vitest'
import { bundling } from '../../../cdk/bundling/esbuild.ts'
import { memberDocs } from '../../../lib/metadata/member-docs.ts'
import { committed, reference } from './reference.ts'

test('lib/metadata/reference.md is current (node test/lib/metadata/reference.ts writes it)', () => {
  expect(committed()).toBe(reference())
})

/** A module of lib/metadata, bundled like a Lambda. */
function bundled(file: string): string {
  const { outputFiles } = buildSync({
    ...bundling,
    entryPoints: [join(import.meta.dirname, '../../../lib/metadata', file)],
    charset: 'utf8',
    sourcemap: false,
    write: false,
  })
  return outputFiles.map(({ text }) => text).join('')
}

test('a bundle with the rules of members has none of their prose', () => {
  const sections = Object.values(memberDocs).map(({ section }) => section)
  const inProse = bundled('member-docs.ts')
  const inRules = bundled('parse-client-metadata.ts')
  expect(sections.filter((section) => inProse.includes(section))).toEqual(sections)
  expect(sections.filter((section) => inRules.includes(section))).toEqual([])
})
