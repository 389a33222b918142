import fc from 'fast-check'

type Run = {
  readonly cases: number
  readonly seed: number
  /** Called after each case. */
  readonly onCase?: () => void
}

type Result = {
  /** Cases that the parser accepted. */
  readonly accepted: number
  /** The report of a failure, shrunk to a smallest case; undefined if all cases pass. */
  readonly failure: string | undefined
}

/** A property of a parser that any number of random cases can test. */
export type Fuzzed = {
  readonly name: string
  run(run: Run): Promise<Result>
}

/** CPU time of a case. No case is longer than what API Gateway or a limit of the service accepts. */
const maxCpuMs = 50

/**
 * `accepts` returns whether the parser accepts an input, and throws if the property does not hold
 * for it.
 */
export const fuzzed = <Input>(
  name: string,
  inputs: fc.Arbitrary<Input>,
  accepts: (input: Input) => boolean | Promise<boolean>,
): Fuzzed => ({
  name,
  async run({ cases, seed, onCase = () => {} }) {
    let accepted = 0
    const property = fc.asyncProperty(inputs, async (input) => {
      if (await withinCpuTime(() => accepts(input))) accepted += 1
      onCase()
    })
    const details = await fc.check(property, { numRuns: cases, seed })
    return { accepted, failure: details.failed ? fc.defaultReportMessage(details) : undefined }
  },
})

/** Repeats a slow case: what else the process does, such as collecting garbage, is slow only once. */
async function withinCpuTime<Value>(act: () => Value | Promise<Value>): Promise<Value> {
  const durations: number[] = []
  for (;;) {
    const before = process.cpuUsage()
    const value = await act()
    const { user, system } = process.cpuUsage(before)
    durations.push((user + system) / 1000)
    if (Math.min(...durations) <= maxCpuMs) return value
    if (durations.length === 3) throw new Error(`took ${Math.min(...durations)} ms of CPU time`)
  }
}
