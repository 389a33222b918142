import { createReadStream } from 'node:fs'
import { text } from 'node:stream/consumers'
import { isObject } from '../../../lib/json.ts'
import { decodeLine, readLines } from '../export/read-lines.ts'
import type { InputRecord } from './record.ts'

/** `-` is standard input. */
const openInput = (file: string): AsyncIterable<Uint8Array> & NodeJS.ReadableStream =>
  file === '-' ? process.stdin : createReadStream(file)

/** The lines of an NDJSON file, from this one on. Empty lines are left out. */
export async function* readNdjson(file: string, startLine: number): AsyncGenerator<InputRecord> {
  for await (const line of readLines(openInput(file))) {
    if (line.number < startLine || line.bytes.every((byte) => byte <= 32)) continue
    yield { number: line.number, text: decoded(line) }
  }
}

/** Text that is not UTF-8 is no JSON, which rejects the line. */
function decoded(line: Parameters<typeof decodeLine>[0]): string {
  try {
    return decodeLine(line)
  } catch {
    return ''
  }
}

/**
 * The records of another server's export: a JSON list, an object with a list in `clients` or `items`,
 * one object, or NDJSON. Records of a list are numbered by their place.
 */
export async function* readExport(file: string, startLine: number): AsyncGenerator<InputRecord> {
  const whole = await text(openInput(file))
  const list = listOf(whole)
  const records = list ?? whole.split('\n').map((one) => one.trim())
  for (const [index, record] of records.entries())
    if (index + 1 >= startLine && record !== '') yield { number: index + 1, text: record }
}

function listOf(whole: string): readonly string[] | undefined {
  let parsed: unknown
  try {
    parsed = JSON.parse(whole)
  } catch {
    return undefined
  }
  const list = isObject(parsed) ? (parsed.clients ?? parsed.items ?? [parsed]) : parsed
  return Array.isArray(list) ? list.map((record) => JSON.stringify(record)) : undefined
}
