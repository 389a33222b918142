import { ofType, synthesized } from '../cdk/synthesized.ts'
import { dashboardBody } from './dashboard-body.ts'
import { nameOf } from './watched-metrics.ts'

/** A Logs Insights query, as far as ours need it: the members of lines that it names, and what it compares them with. */
export type ParsedQuery = {
  readonly name: string
  readonly text: string
  /** The log groups that it reads. */
  readonly over: readonly string[]
  readonly comparisons: readonly { readonly member: string; readonly values: readonly string[] }[]
}

const words = new Set(
  'fields filter stats sort limit parse as by and or like in asc desc count latest coalesce count_distinct ispresent'.split(
    ' ',
  ),
)

/** The members of lines that a query reads; not the names that it gives itself. */
export function membersOf({ text }: ParsedQuery): string[] {
  const bare = text
    .replace(/^# .*$/gm, '')
    .replace(/\/(?:[^/\\]|\\.)*\//g, '')
    .replace(/"[^"]*"/g, '')
  const given = [...text.matchAll(/ as (\w+)|\(\?<(\w+)>/g)].map(([, as, group]) => as ?? group)
  const named = [...bare.matchAll(/@?[a-z_][\w.]*/gi)].map(([name]) => name)
  return [...new Set(named)].filter((name) => !words.has(name) && !given.includes(name))
}

/** All values that a member has in these lines, as text. */
export const valuesOf = (path: string, lines: readonly Record<string, unknown>[]): string[] => [
  ...new Set(
    lines
      .map((line) => path.split('.').reduce<unknown>(inside, line))
      .filter((value) => value !== undefined)
      .map(String),
  ),
]

const inside = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined

function comparisonsOf(text: string): ParsedQuery['comparisons'] {
  const found = text.matchAll(/([\w.@]+) (?:!?=|in) (\[[^\]]*\]|"[^"]*")/g)
  return [...found]
    .map(([, member = '', literals = '']) => ({
      member,
      values: [...literals.matchAll(/"([^"]*)"/g)].map(([, value = '']) => value),
    }))
    .filter(({ values }) => !values.includes('CLIENT_ID'))
}

/** The saved queries, and the one on the dashboard. */
export function parsedQueries(): ParsedQuery[] {
  const saved = ofType(synthesized(), 'AWS::Logs::QueryDefinition').map(([, { Properties }]) => ({
    name: String(Properties.Name).replace(/.*\//, ''),
    text: String(Properties.QueryString),
    over: (Properties.LogGroupNames as unknown[]).map(nameOf),
  }))
  const onDashboard = dashboardBody().widgets.flatMap(({ properties: { title, query } }) =>
    query === undefined
      ? []
      : [
          {
            name: title,
            text: query.replace(/SOURCE '[^']*' \| /g, ''),
            over: [...query.matchAll(/SOURCE '([^']*)'/g)].map(([, group = '']) => group),
          },
        ],
  )
  return [...saved, ...onDashboard].map((query) => ({
    ...query,
    comparisons: comparisonsOf(query.text),
  }))
}
