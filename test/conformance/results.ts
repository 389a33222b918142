import { explained } from './explained.ts'
import type { Ended, Plan } from './suite-api.ts'

export type TestResult = Ended & { readonly name: string }
export type PlanResults = { readonly plan: Plan; readonly tests: readonly TestResult[] }

const begin = '<!-- npm run conformance -- --write -->'
const end = '<!-- end of results -->'

/** Why a test did not pass, if what failed in it is all explained. */
export function explanationOf({ name, conditions }: TestResult): string | undefined {
  const failed = conditions.filter(({ result }) => result === 'FAILURE' || result === 'WARNING')
  if (failed.length === 0) return undefined
  const entry = explained.find((entry) => entry.test === name)
  return failed.every((condition) => entry?.conditions.includes(condition.name))
    ? entry?.why
    : undefined
}

/** Whether a test did not pass, and nothing explains it. */
export const isFailure = (test: TestResult): boolean =>
  !['PASSED', 'REVIEW', 'SKIPPED'].includes(test.result) && explanationOf(test) === undefined

/** The page with these results between its markers. */
export function withResults(page: string, commit: string, results: readonly PlanResults[]): string {
  const [before, after] = [page.split(begin)[0], page.split(end)[1]]
  if (after === undefined) throw new Error(`the page lacks the markers ${begin} and ${end}`)
  const tables = results.map(({ plan, tests }) =>
    [
      `### \`${plan.name}\`, ${Object.values(plan.variant).join(', ')}`,
      '',
      '| test | result | |',
      '|--|--|--|',
      ...tests.map(
        (test) => `| \`${test.name}\` | ${test.result} | ${explanationOf(test) ?? ''} |`,
      ),
    ].join('\n'),
  )
  const date = new Date().toISOString().slice(0, 10)
  const head = `Run on ${date} with the suite's commit \`${commit.slice(0, 12)}\`.`
  return `${before}${[begin, head, ...tables, end].join('\n\n')}${after}`
}
