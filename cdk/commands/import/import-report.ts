import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { escaped } from '../printable.ts'
import type { RecordResult } from './record.ts'

/** Records between two lines of progress. */
const progressStep = 1_000

/** Rejected records that are named without a report file. */
const maxNamed = 50

const outcomes = ['imported', 'present', 'kept', 'skipped', 'rejected'] as const

/** Counts results, and names those that need a look. It never has a secret. */
export function importReport(isDryRun: boolean, log: (line: string) => void) {
  const counts = { imported: 0, present: 0, kept: 0, skipped: 0, rejected: 0 }
  const [changed, dropped] = [nameCounts(), nameCounts()]
  const noteworthy: RecordResult[] = []
  let [records, missing, weak, tokens] = [0, 0, 0, 0]
  let isComplete = false

  const summary = () => {
    const [first, ...others] = outcomes.map((name) => `${counts[name]} ${name}`)
    return [isDryRun ? `${counts.imported} to import` : first, ...others].join(', ')
  }

  return {
    counts,

    add(result: RecordResult): void {
      if (result.isEnd === true) isComplete = true
      if (result.outcome === 'mark') return
      records += 1
      counts[result.outcome] += 1
      changed.add(result.changed)
      dropped.add(result.dropped)
      if (result.secret === 'missing' && result.outcome === 'imported') missing += 1
      if (result.secret === 'weak') weak += 1
      if (result.hasToken === true) tokens += 1
      const { outcome } = result
      if (isNoteworthy(result)) noteworthy.push(result)
      if (outcome === 'rejected' && counts.rejected <= maxNamed) log(describe(result))
      if (outcome === 'rejected' && counts.rejected === maxNamed)
        log(`further rejected records are not named here: give --report`)
      if (records % progressStep === 0) log(`${records} records: ${summary()}`)
    },

    /** What the operator has to know, after the last record. */
    lines(isOwnFormat: boolean): readonly string[] {
      return [
        `${records} records: ${summary()}`,
        ...changed.lines('changed'),
        ...dropped.lines('dropped'),
        ...(missing > 0
          ? [`${missing} clients need a client secret and have none: see --new-secrets`]
          : []),
        ...(weak > 0 ? [`${weak} client secrets are shorter than 32 characters: renew them`] : []),
        ...(tokens > 0
          ? [
              `${tokens} registration access tokens work only with the key ring that they were made with`,
            ]
          : []),
        ...(isOwnFormat && !isComplete ? ['the export has no last line: it is incomplete'] : []),
      ]
    },

    /** Writes a JSON object a line for each record that was not simply imported. */
    async write(file: string): Promise<void> {
      const { O_WRONLY, O_TRUNC, O_CREAT } = constants
      const output = await open(file, O_WRONLY | O_TRUNC | O_CREAT, 0o600)
      await output.chmod(0o600)
      const sorted = noteworthy.toSorted((a, b) => a.line - b.line)
      await output.writeFile(
        sorted.map(({ hasToken: _, ...result }) => `${JSON.stringify(result)}\n`).join(''),
      )
      await output.close()
    },
  }
}

/** Counts how often each member was named. */
function nameCounts() {
  const counts = new Map<string, number>()
  return {
    add(names: readonly string[] = []): void {
      for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
    },
    /** One line, the most frequent first; none if there is nothing to say. */
    lines(title: string): readonly string[] {
      const sorted = [...counts].sort(([, a], [, b]) => b - a)
      const named = sorted.map(([name, count]) => `${escaped(name)} (${count})`)
      return named.length === 0 ? [] : [`${title}: ${named.join(', ')}`]
    },
  }
}

const isNoteworthy = ({ outcome, changed, dropped, secret }: RecordResult): boolean =>
  !['imported', 'present'].includes(outcome) || (changed ?? dropped ?? secret) !== undefined

const describe = ({ line, id, reason = '' }: RecordResult): string =>
  `line ${line}${id === undefined ? '' : ` (${escaped(id)})`}: ${escaped(reason)}`
