import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startVitest } from 'vitest/node'
import type { Mutant, Survey } from './instrument.ts'

const folders = ['metadata', 'tokens', 'authorization', 'permission']

/** Percent of the mutants that the tests of each folder must notice. */
const goal = 90

const help = `npm run mutation [-- folder …]

Changes lib/{${folders.join()}} in small ways, one at a time, and lists the changes that no unit
test notices. Exits 1 if the tests of a folder notice less than ${goal} %.
test/mutation/survivors.md says why the others stay.`

async function survey(folder: string): Promise<Survey> {
  process.env.MUTATED_FOLDER = folder
  const vitest = await startVitest([], {
    config: join(import.meta.dirname, 'vitest.config.ts'),
    watch: false,
    reporters: [{ onUserConsoleLog: ({ content }) => showProgress(content.trim()) }],
  })
  const tests = vitest.state.getTestModules().flatMap((file) => [...file.children.allTests()])
  const errors = [
    ...vitest.state.getUnhandledErrors(),
    ...tests.flatMap((test) => test.result().errors ?? []),
  ]
  const surveys = tests.flatMap((test) => test.meta().survey ?? [])
  const workers = vitest.projects.length
  await vitest.close()
  if (surveys.length < workers) throw new Error('the survey failed', { cause: errors })
  return {
    mutants: surveys.reduce((sum, { mutants }) => sum + mutants, 0),
    survivors: surveys.flatMap(({ survivors }) => survivors).sort(byPlace),
  }
}

/** In the order of the code: files by name, lines by number. */
const byPlace = (a: Mutant, b: Mutant) => a.place.localeCompare(b.place, 'en', { numeric: true })

const showEveryMs = 10_000
let shownAt = 0

/** In the same line of a terminal, or by a line of a log now and then. */
function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`)
  else if (text !== '' && Date.now() >= shownAt + showEveryMs) {
    shownAt = Date.now()
    console.error(text)
  }
}

/** Prints the score of a folder and its survivors; resolves to whether it reaches the goal. */
async function report(folder: string): Promise<boolean> {
  const begin = Date.now()
  const { mutants, survivors } = await survey(folder)
  showProgress('')
  const score = (100 * (mutants - survivors.length)) / mutants
  const seconds = ((Date.now() - begin) / 1_000).toFixed(0)
  console.log(
    `lib/${folder}: ${score.toFixed(1)} % of ${mutants} mutants noticed (goal ${goal} %), in ${seconds} s`,
  )
  for (const { place, original, replacement } of survivors)
    console.log(`  ${place}  ${original}  →  ${replacement}`)
  return score >= goal
}

const { values: options, positionals } = parseArgs({
  options: { help: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const unknown = positionals.filter((name) => !folders.includes(name))

if (options.help) console.log(help)
else if (unknown.length > 0) {
  console.error(`${unknown.join()}: expected folders among ${folders.join()}`)
  process.exitCode = 1
} else
  for (const folder of positionals.length > 0 ? positionals : folders)
    if (!(await report(folder))) process.exitCode = 1
