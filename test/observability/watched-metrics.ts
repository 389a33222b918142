import type { ofType } from '../cdk/synthesized.ts'

type Properties = ReturnType<typeof ofType>[number][1]['Properties']

type Dimension = { readonly Name: string; readonly Value: unknown }

type Stat = {
  readonly Metric: {
    readonly Namespace: string
    readonly MetricName: string
    readonly Dimensions?: readonly Dimension[]
  }
  readonly Stat: string
  readonly Period: number
}

type Part = {
  readonly Id: string
  readonly Expression?: string
  readonly MetricStat?: Stat
  readonly ReturnData?: boolean
}

/** A metric as CloudWatch knows it: namespace, name, dimensions. */
export type WatchedMetric = {
  readonly namespace: string
  readonly name: string
  readonly dimensions: Readonly<Record<string, string>>
}

/** A reference by its logical id, without what makes that unique. */
export function nameOf(value: unknown): string {
  if (typeof value === 'string') return value
  const [target] = Object.values(value as object)
  return String(Array.isArray(target) ? target[0] : target).replace(/[0-9A-F]{8}$/, '')
}

const metricOf = (
  namespace: unknown,
  name: unknown,
  dimensions: readonly Dimension[] = [],
): WatchedMetric => ({
  namespace: String(namespace),
  name: String(name),
  dimensions: Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, nameOf(Value)])),
})

/** What an alarm reads: each metric with its statistic and period, by its name in the expression where there is one. */
export function partsOf(alarm: Properties) {
  const { Metrics, Namespace, MetricName, Dimensions, Statistic, ExtendedStatistic, Period } = alarm
  const parts = (Metrics ?? []) as readonly Part[]
  if (parts.length === 0) {
    const metric = metricOf(Namespace, MetricName, Dimensions as Dimension[])
    const statistic = String(Statistic ?? ExtendedStatistic)
    return { expression: undefined, read: [{ id: '', metric, statistic, period: Number(Period) }] }
  }
  const read = parts.flatMap(({ Id, MetricStat }) =>
    MetricStat === undefined
      ? []
      : [
          {
            id: Id,
            metric: metricOf(
              MetricStat.Metric.Namespace,
              MetricStat.Metric.MetricName,
              MetricStat.Metric.Dimensions,
            ),
            statistic: MetricStat.Stat,
            period: MetricStat.Period,
          },
        ],
  )
  return { expression: parts.find(({ ReturnData }) => ReturnData !== false)?.Expression, read }
}

/** A metric in one line. */
export const lineOf = ({ namespace, name, dimensions }: WatchedMetric): string =>
  [namespace, name, ...Object.entries(dimensions).map(([key, value]) => `${key}=${value}`)].join(
    ' ',
  )
