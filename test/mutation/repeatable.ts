import { expect } from 'vitest'

/** Takes the place of vitest in the unit tests, so that each of their tests can run again and again. */
export { expect }

type Run = (...row: readonly unknown[]) => unknown
type Add = (name: string, run: Run) => void

/** The tests of the files that were imported since this module was. */
export const tests: Run[] = []

const withEach = (add: Add) =>
  Object.assign(add, {
    each: (rows: readonly unknown[]) => (name: string, run: Run) => {
      const lists = rows.every(Array.isArray)
      for (const row of rows) add(name, () => (lists ? run(...(row as unknown[])) : run(row)))
    },
  })

export const test = withEach((_, run) => void tests.push(run))

export const describe = withEach((_, define) => void define())
