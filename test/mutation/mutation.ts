import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { Stryker } from '@stryker-mutator/core'

const folders = ['metadata', 'tokens', 'authorization', 'permission']

/** Percent of the mutants that tests must kill in each folder. */
const goal = 90

const help = `npm run mutation [-- folder …]

Changes lib/{${folders.join()}} in small ways by Stryker, one at a time, and says which of these
mutants no test notices. Exits 1 if the tests of a folder kill less than ${goal} % of its mutants.
test/mutation/survivors.md says why the others stay. Takes an hour or more for all folders.

  --all   tries again the mutants that an earlier run has tried and that nothing has changed since`

type Mutant = Awaited<ReturnType<Stryker['runMutationTest']>>[number]

/** A mutant that makes a test fail, or run without end, is killed. */
const isKilled = ({ status }: Mutant) => status === 'Killed' || status === 'Timeout'

/** Runs Stryker on one folder of lib; resolves to the mutants that count. */
async function mutate(folder: string, force: boolean, tempDirName: string): Promise<Mutant[]> {
  process.env.MUTATED_FOLDER = folder
  const mutants = await new Stryker({
    testRunner: 'vitest',
    plugins: [
      import.meta.resolve('@stryker-mutator/vitest-runner'),
      import.meta.resolve('./ignore-docs.ts'),
    ],
    vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
    mutate: [`lib/${folder}/**/*.ts`],
    ignorers: ['docs'],
    coverageAnalysis: 'perTest',
    concurrency: 2,
    incremental: true,
    incrementalFile: `node_modules/.cache/mutation/${folder}.json`,
    force,
    tempDirName,
    // TypeScript 7 has no API to rewrite a tsconfig.json by; nothing here needs one.
    tsconfigFile: 'none',
    disableTypeChecks: false,
    ignorePatterns: ['cdk.out', 'coverage', 'dist'],
    reporters: ['progress-append-only'],
    warnings: false,
  }).runMutationTest()
  return mutants.filter(({ status }) => status !== 'Ignored')
}

/** Prints the score of a folder and its survivors; returns whether it reaches the goal. */
function report(folder: string, mutants: readonly Mutant[]): boolean {
  const survivors = mutants.filter((mutant) => !isKilled(mutant))
  const score = (100 * (mutants.length - survivors.length)) / mutants.length
  console.log(
    `lib/${folder}: ${score.toFixed(1)} % of ${mutants.length} mutants killed; goal ${goal} %`,
  )
  for (const { fileName, location, mutatorName, replacement, status } of survivors)
    console.log(
      `  ${relative('.', fileName)}:${location.start.line}:${location.start.column + 1}  ${mutatorName} ${status}: ${replacement?.replace(/\s+/g, ' ')}`,
    )
  return score >= goal
}

const { values: options, positionals } = parseArgs({
  options: {
    all: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
  allowPositionals: true,
})
const unknown = positionals.filter((name) => !folders.includes(name))

if (options.help) console.log(help)
else if (unknown.length > 0) {
  console.error(`${unknown.join()}: expected folders among ${folders.join()}`)
  process.exitCode = 1
} else {
  const temporary = mkdtempSync(join(tmpdir(), 'client-registration-mutation-'))
  process.once('exit', () => rmSync(temporary, { recursive: true, force: true, maxRetries: 3 }))
  const results: [string, Mutant[]][] = []
  for (const folder of positionals.length > 0 ? positionals : folders)
    results.push([folder, await mutate(folder, options.all, temporary)])
  const reached = results.map(([folder, mutants]) => report(folder, mutants))
  if (reached.includes(false)) process.exitCode = 1
}
