import { inject, test, vi } from 'vitest'
import type { Mutant, Survey } from './instrument.ts'

declare module 'vitest' {
  interface ProvidedContext {
    readonly mutants: readonly Mutant[]
    readonly testFiles: readonly string[]
    readonly share: { readonly worker: number; readonly workers: number }
  }
  interface TaskMeta {
    survey?: Survey
  }
}

/** What Stryker's code in each file reads and writes. */
type Switch = {
  activeMutant?: string | undefined
  currentTestId?: string | undefined
  /** How often the code of the active mutant ran, and how often it may. */
  hitCount?: number
  hitLimit?: number
  mutantCoverage: {
    static: Record<string, number>
    perTest: Record<string, Record<string, number>>
  }
}

const state: Switch = { mutantCoverage: { static: {}, perTest: {} } }
Object.assign(globalThis, { __stryker__: state })

const { worker, workers } = inject('share')

const show = (progress: string) => console.log(`worker ${worker + 1}: ${progress}`)

type Run = () => unknown

const timeoutMs = 10_000

/** Imports lib and these test files anew, and returns their tests. */
async function load(files: readonly string[]): Promise<readonly Run[]> {
  vi.resetModules()
  const { tests } = await import('./repeatable.ts')
  for (const file of files) await import(file)
  return tests
}

async function passes(run: Run, mutant?: string, hitLimit = 1_000_000): Promise<boolean> {
  Object.assign(state, { activeMutant: mutant, hitCount: 0, hitLimit })
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('timeout')), timeoutMs)
  })
  try {
    await Promise.race([run(), late])
    return true
  } catch {
    return false
  } finally {
    clearTimeout(timer)
    state.activeMutant = undefined
  }
}

/** Runs a test, and returns how often it ran the code of each mutant. */
async function coverage(run: Run): Promise<Readonly<Record<string, number>>> {
  const hits = {}
  state.mutantCoverage.perTest = { it: hits }
  state.currentTestId = 'it'
  if (!(await passes(run))) throw new Error('a test fails without a mutant')
  state.currentTestId = undefined
  return hits
}

/** Runs each test with each mutant in turn whose code it runs. */
async function surveyTests(live: Set<string>, files: readonly string[]): Promise<void> {
  let tests = await load(files)
  for (let index = 0; index < tests.length; index += 1) {
    const current = (): Run => tests[index] ?? (() => {})
    for (const [id, hits] of Object.entries(await coverage(current()))) {
      if (!live.has(id) || (await passes(current(), id, 100 * hits + 1_000))) continue
      // A test that fails from now on says nothing of the mutant: it left something behind.
      if (await passes(current())) live.delete(id)
      else tests = await load(files)
    }
    if (index % 100 === 0) show(`${index} of ${tests.length} tests, ${live.size} mutants left`)
  }
}

type TestFile = {
  readonly path: string
  /** The mutants whose code runs at its import or in its tests. */
  readonly covered: ReadonlySet<string>
}

async function testFile(path: string): Promise<TestFile> {
  state.mutantCoverage.static = {}
  const tests = await load([path])
  const covered = new Set(Object.keys(state.mutantCoverage.static))
  for (const run of tests) for (const id of Object.keys(await coverage(run))) covered.add(id)
  return { path, covered }
}

/** Whether a test fails where the mutant is there from the import on: in a table of rules, or a value that is kept. */
async function failsAnew(mutant: string, files: TestFile[]): Promise<boolean> {
  for (const file of files.filter(({ covered }) => covered.has(mutant))) {
    const importing = async () => {
      tests = await load([file.path])
    }
    let tests: readonly Run[] = []
    let fails = !(await passes(importing, mutant))
    for (const run of tests) fails ||= !(await passes(run, mutant))
    if (!fails) continue
    // The file that noticed this mutant is the first to be asked for the next.
    files.unshift(...files.splice(files.indexOf(file), 1))
    return true
  }
  return false
}

test('survey', async ({ task }) => {
  const paths = inject('testFiles')
  const mutants = inject('mutants').filter((_, index) => index % workers === worker)
  const live = new Set(mutants.map(({ id }) => id))
  await surveyTests(live, paths)
  const files: TestFile[] = []
  for (const path of paths) files.push(await testFile(path))
  const rest = [...live]
  for (const [index, id] of rest.entries()) {
    if (await failsAnew(id, files)) live.delete(id)
    if (index % 20 === 0)
      show(`${index} of ${rest.length} mutants with a new import, ${live.size} mutants left`)
  }
  const survivors = mutants.filter(({ id }) => live.has(id))
  task.meta.survey = { mutants: mutants.length, survivors }
})
