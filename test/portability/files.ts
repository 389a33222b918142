import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { KeyRing } from '../../lib/tokens/key-ring.ts'
import { ring, secretRing } from '../support/compose.ts'

type Json = Record<string, unknown>

/** A folder for the files of this test file, and the rings of the tests' servers in it. */
export function testFiles() {
  const folder = mkdtempSync(join(tmpdir(), 'portability-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  let count = 0
  const path = (): string => {
    count += 1
    return join(folder, `file-${count}`)
  }
  const write = (content: unknown): string => {
    const file = path()
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
    return file
  }
  const ringFile = ({ current, keys }: KeyRing) => write({ current, ...Object.fromEntries(keys) })
  return {
    path,
    write,
    secretRing: ringFile(secretRing),
    ring: ringFile(ring),
    read: (file: string): string => readFileSync(file, 'utf8'),
  }
}

export const parseLines = (text: string): Json[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))

export const toLines = (records: readonly unknown[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('')
