import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rows } from './rows.ts'

type Report = {
  readonly testResults: readonly { readonly assertionResults: readonly TestResult[] }[]
}
type TestResult = { readonly title: string; readonly status: string }

const root = join(import.meta.dirname, '../..')

/** Runs the tests of the seeds, and tells of every row whether it is proven, and by which tests. */
const { results, succeeded } = runTests()
const proven = Object.entries(rows).map(([row, requirement]) => tell(row, requirement, results))
const count = proven.filter(Boolean).length
console.log(`\n${count} of ${proven.length} rows are proven.`)
process.exitCode = count === proven.length && succeeded ? 0 : 1

function runTests(): { readonly results: readonly TestResult[]; readonly succeeded: boolean } {
  const folder = mkdtempSync(join(tmpdir(), 'seeds-'))
  const file = join(folder, 'report.json')
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const wanted = ['run', '--config', 'test/vitest.config.ts', 'test/seeds']
  const reported = ['--reporter=json', `--outputFile=${file}`]
  try {
    const { status } = spawnSync(process.execPath, [vitest, ...wanted, ...reported], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const { testResults }: Report = JSON.parse(readFileSync(file, 'utf8'))
    const all = testResults.flatMap(({ assertionResults }) => assertionResults)
    return { results: all, succeeded: status === 0 }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Prints a row with its tests; true where it has some, and all have passed. */
function tell(row: string, requirement: string, all: readonly TestResult[]): boolean {
  const own = all.filter(({ title }) => title.startsWith(`${row} `))
  const passed = own.length > 0 && own.every(({ status }) => status === 'passed')
  const verdict = own.length === 0 ? 'MISSING' : passed ? 'passed' : 'FAILED'
  console.log(`${row.padEnd(8)} ${verdict.padEnd(7)} ${requirement}`)
  for (const { title, status } of own)
    console.log(
      `${' '.repeat(17)}${status === 'passed' ? '✓' : '✗'} ${title.slice(row.length + 1)}`,
    )
  return passed
}
