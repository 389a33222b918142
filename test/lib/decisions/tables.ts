import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '../../..')

export const read = (path: string): string => readFileSync(join(root, path), 'utf8')

/** The cells of a line of a Markdown table. */
const cells = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())

/** The rows of the tables under this heading of a page, without their first two lines. */
export function rows(path: string, heading: string): string[][] {
  const [, after] = read(path).split(`\n## ${heading}\n`)
  if (after === undefined) throw new Error(`${path} has no heading ${heading}`)
  const [section = ''] = after.split('\n## ')
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map(cells)
}

/** What stands in backticks. */
export const codeSpans = (cell: string): string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span)
