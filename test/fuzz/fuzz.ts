import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { properties } from './properties.ts'

const help = `npm run fuzz [-- options]

Tests the parsers of untrusted input with random cases, and compares them with other parsers. Exits 1 if a property
does not hold; the report has the smallest case that was found.

  --cases N   cases of each property; 100000 unless given
  --seed N    repeats the cases of a run; random unless given
  --only TEXT only the properties whose name contains this`

const { values: options } = parseArgs({
  options: {
    cases: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    only: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
})

/** Runs the properties one after the other; resolves to how many do not hold. */
async function fuzz(cases: number, seed: number): Promise<number> {
  console.log(`seed ${seed}, ${cases} cases of each property`)
  console.log('              accepted')
  let failures = 0
  for (const { name, run } of properties.filter(({ name }) => name.includes(options.only))) {
    const begin = Date.now()
    const { accepted, failure } = await run({ cases, seed, onCase: progress(name, cases) })
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
    const result = failure === undefined ? 'holds ' : 'FAILED'
    console.log(`${result}  ${seconds(Date.now() - begin)}  ${`${accepted}`.padStart(6)}  ${name}`)
    if (failure === undefined) continue
    failures += 1
    console.log(failure)
    console.log(`Repeat: npm run fuzz -- --cases ${cases} --seed ${seed} --only "${name}"`)
  }
  return failures
}

/** Shows on a terminal how many cases of a property were tried. */
function progress(name: string, cases: number): () => void {
  let tried = 0
  return () => {
    tried += 1
    if (process.stderr.isTTY && tried % 1_000 === 0)
      process.stderr.write(`\r\x1b[K${tried} of ${cases}  ${name}`)
  }
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`.padStart(7)

if (options.help) console.log(help)
else {
  const [cases, seed] = [Number(options.cases), Number(options.seed)]
  if (!Number.isSafeInteger(cases) || cases < 1 || !Number.isSafeInteger(seed)) {
    console.error('--cases and --seed take whole numbers')
    process.exit(1)
  }
  const failures = await fuzz(cases, seed)
  console.log(failures === 0 ? 'Every property holds.' : `${failures} failed.`)
  if (failures > 0) process.exitCode = 1
}
