import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ofType, synthesized } from '../cdk/synthesized.ts'
import { dashboardBody } from './dashboard-body.ts'
import { startWatched } from './fixture.ts'
import { type MetricLine, metricLines } from './line.ts'
import { membersOf, parsedQueries, valuesOf } from './queries.ts'
import { cases } from './requests.ts'
import { crashLines, usualLines, written } from './system-lines.ts'
import { partsOf, type WatchedMetric } from './watched-metrics.ts'

const watched = await startWatched()
beforeAll(async () => {
  for (const [, sent] of cases) {
    const { path, ...request } = await sent(watched.fixture)
    await watched.call(path, request)
  }
  await watched.lines()
})
afterAll(() => watched.api.service.close())

/** The metrics that CloudWatch makes of a line: for each set of dimensions one. */
const emittedBy = (line: MetricLine): string[] =>
  line._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Metrics.flatMap(({ Name }) =>
      Dimensions.map((names) =>
        key({
          namespace: Namespace,
          name: Name,
          dimensions: Object.fromEntries(names.map((name) => [name, String(line[name])])),
        }),
      ),
    ),
  )

/** A metric, whatever the stage is called. */
const key = ({ namespace, name, dimensions: { stage, ...others } }: WatchedMetric): string =>
  JSON.stringify([namespace, name, stage !== undefined, Object.entries(others).sort()])

const isOwn = ({ namespace, name }: WatchedMetric) =>
  namespace === 'ClientRegistration' && name !== 'ThrottledRequests'

const onAlarms = ofType(synthesized(), 'AWS::CloudWatch::Alarm').flatMap(([, { Properties }]) =>
  partsOf(Properties).read.map(({ metric }) => metric),
)

const onDashboard = dashboardBody().widgets.flatMap(({ properties: { metrics = [] } }) =>
  metrics.flatMap((metric): WatchedMetric[] => {
    const [namespace, name, ...pairs] = metric.filter((part) => typeof part === 'string')
    if (namespace === undefined || name === undefined) return []
    const even = pairs.map((part, index) => [part, pairs[index + 1] ?? ''] as const)
    return [
      {
        namespace,
        name,
        dimensions: Object.fromEntries(even.filter((_, index) => index % 2 === 0)),
      },
    ]
  }),
)

describe('what is watched is what is written', () => {
  test.each([
    ['alarms', onAlarms, 5],
    ['the dashboard', onDashboard, 15],
  ])('every metric of our own that %s read is emitted', (_readers, metrics, least) => {
    const emitted = new Set(metricLines(watched.api.log).flatMap(emittedBy))
    const read = metrics.filter(isOwn)
    expect(read.length).toBeGreaterThanOrEqual(least)
    expect(read.map(key).filter((metric) => !emitted.has(metric))).toEqual([])
  })

  test.each(parsedQueries())('every member that the query "$name" names is written', (query) => {
    const lines = written(query, watched.api.log)
    const unknown = membersOf(query).filter((member) => valuesOf(member, lines).length === 0)
    expect(unknown).toEqual([])
  })

  test.each(parsedQueries())('every value that "$name" asks for is written', (query) => {
    const lines = written(query, watched.api.log)
    expect(query.comparisons.length).toBeGreaterThan(0)
    for (const { member, values } of query.comparisons)
      for (const value of values)
        expect(valuesOf(member, lines), `${member} = ${value}`).toContain(value)
  })

  test('the last faults show what Lambda writes of a crash, and nothing of other requests', () => {
    const { text = '' } = parsedQueries().find(({ name }) => name.startsWith('Last')) ?? {}
    const crashed = new RegExp(/ like \/(.+)\//.exec(text)?.[1] ?? '')
    expect(crashLines.filter((line) => !crashed.test(line))).toEqual([])
    expect([...usualLines, ...watched.api.log].filter((line) => crashed.test(line))).toEqual([])
  })

  test('each crash counts once among the failures, by how it ended', () => {
    const { text = '' } = parsedQueries().find(({ name }) => name.startsWith('failures')) ?? {}
    const report = new RegExp(/parse @message \/(.+)\//.exec(text)?.[1] ?? '')
    const ends = [...usualLines, ...crashLines, ...watched.api.log].flatMap(
      (line) => report.exec(line)?.groups?.crash ?? [],
    )
    expect(ends).toEqual(['timeout', 'error', 'failure'])
  })
})
