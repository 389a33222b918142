import { join } from 'node:path'
import { startVitest, type TestCase, type TestModule, type TestSpecification } from 'vitest/node'
import { rows } from './rows.ts'

const help = `npm run seeds

Runs the tests of the four systems that the profiles reproduce, and says of each of their requirements whether it is
proven, and by which tests. Progress goes to standard error; it takes a minute or two. Ends with 0 where all are.`

type TestResult = { readonly title: string; readonly status: string }

const root = join(import.meta.dirname, '../..')

if (process.argv.includes('--help')) console.log(help)
else await report()

async function report(): Promise<void> {
  const results = await runTests()
  const proven = Object.entries(rows).map(([row, requirement]) => print(row, requirement, results))
  const count = proven.filter(Boolean).length
  console.log(`\n${count} of ${proven.length} rows are proven.`)
  if (count < proven.length) process.exitCode = 1
}

/** Runs the tests of the seeds here, so that what ends this process ends them. */
async function runTests(): Promise<readonly TestResult[]> {
  const results: TestResult[] = []
  let files = 0
  const progress = (line: string) => process.stderr.write(`${line}\n`)
  const reporter = {
    onTestRunStart(specifications: readonly TestSpecification[]) {
      files = specifications.length
      progress(`running ${files} files of tests …`)
    },
    onTestModuleEnd(file: TestModule) {
      progress(`  ${file.state()}: ${file.moduleId.slice(root.length + 1)}`)
      for (const { message } of file.errors()) progress(`    ${message}`)
    },
    onTestCaseResult(test: TestCase) {
      results.push({ title: test.name, status: test.result().state })
    },
  }
  const config = join(root, 'test/vitest.config.ts')
  const options = { root, config, run: true, watch: false, reporters: [reporter] }
  const vitest = await startVitest('test', ['test/seeds'], options)
  await vitest.close()
  return results
}

/** Prints a row with its tests; true where it has some, and all have passed. */
function print(row: string, requirement: string, all: readonly TestResult[]): boolean {
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
