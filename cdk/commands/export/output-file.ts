import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import * as v from 'valibot'
import type { ListingPosition } from '../../../lib/adapters/dynamodb/walk-listing.ts'
import type { JsonObject } from '../../../lib/json.ts'
import { format } from './line-values.ts'
import { decodeLine, type Line, readLines } from './read-lines.ts'

/** What a file exports; the same for every run that continues it. */
export type ExportStart = { readonly table: string; readonly secrets: boolean }

export type Counts = { readonly clients: number; readonly initial_access_tokens: number }

/** How far an interrupted export has come. */
export type ExportProgress = Counts & {
  readonly after?: ListingPosition
  readonly isComplete: boolean
}

export const nothingExported: ExportProgress = {
  clients: 0,
  initial_access_tokens: 0,
  isComplete: false,
}

export const startLine = (start: ExportStart, now: number): JsonObject => ({
  format,
  type: 'export',
  ...start,
  exported_at: now,
})

/** Follows the lines of a page: a run that continues the export starts after it. */
export const checkpointLine = (position: ListingPosition): JsonObject => ({
  format,
  type: 'checkpoint',
  ...position,
})

/** The last line of a complete export. */
export const endLine = ({ clients, initial_access_tokens }: Counts): JsonObject => ({
  format,
  type: 'end',
  clients,
  initial_access_tokens,
})

export const toText = (lines: readonly JsonObject[]): string =>
  lines.map((line) => `${JSON.stringify(line)}\n`).join('')

/** Creates the file of an export, for its owner alone. Throws an Error if it exists. */
export async function createOutput(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'wx', 0o600)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Error(
      code === 'EEXIST' ? `${file} exists: continue it by --resume` : `${file}: ${code}`,
    )
  }
}

/**
 * Opens the file of an interrupted export, and removes what follows its last checkpoint: the lines of
 * an incomplete page. Throws an Error if it is no export of the same.
 */
export async function resumeOutput(
  file: string,
  start: ExportStart,
): Promise<{ readonly output: FileHandle; readonly progress: ExportProgress }> {
  const output = await open(file, constants.O_RDWR | constants.O_APPEND).catch((error) => {
    throw new Error(`${file}: ${(error as NodeJS.ErrnoException).code}`)
  })
  try {
    const { progress, end } = await readProgress(output, file, start)
    await output.chmod(0o600)
    await output.truncate(end)
    return { output, progress }
  } catch (error) {
    await output.close()
    throw error
  }
}

const marks = v.variant('type', [
  v.object({ type: v.literal('export'), table: v.string(), secrets: v.boolean() }),
  v.object({ type: v.literal('checkpoint'), listed: v.string(), listed_at: v.string() }),
  v.object({ type: v.picklist(['client', 'initial_access_token', 'end']) }),
])

async function readProgress(output: FileHandle, file: string, { table, secrets }: ExportStart) {
  let counts = { clients: 0, initial_access_tokens: 0 }
  let kept: { readonly progress: ExportProgress; readonly end: number } | undefined
  for await (const line of readLines(output.createReadStream({ autoClose: false, start: 0 }))) {
    const mark = parseMark(line)
    if (kept === undefined) {
      if (mark?.type !== 'export') throw new Error(`${file} is not an export`)
      if (mark.table !== table || mark.secrets !== secrets)
        throw new Error(
          `${file} is an export of ${mark.table} ${mark.secrets ? 'with' : 'without'} secrets: resume it as such`,
        )
      kept = { progress: nothingExported, end: line.end }
    }
    if (mark === undefined) break
    const { clients, initial_access_tokens } = counts
    if (mark.type === 'client') counts = { ...counts, clients: clients + 1 }
    if (mark.type === 'initial_access_token')
      counts = { ...counts, initial_access_tokens: initial_access_tokens + 1 }
    if (mark.type === 'checkpoint') {
      const after = { listed: mark.listed, listed_at: mark.listed_at }
      kept = { progress: { ...counts, after, isComplete: false }, end: line.end }
    }
    if (mark.type === 'end') kept = { progress: { ...counts, isComplete: true }, end: line.end }
  }
  if (kept === undefined)
    throw new Error(`${file} is empty: remove it, and export without --resume`)
  return kept
}

/** Undefined for a line that an interruption cut off. */
function parseMark(line: Line) {
  if (!line.isEnded) return undefined
  try {
    const parsed = v.safeParse(marks, JSON.parse(decodeLine(line)))
    return parsed.success ? parsed.output : undefined
  } catch {
    return undefined
  }
}
