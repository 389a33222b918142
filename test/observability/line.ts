/** The one line of a request. */
export type RequestLine = Readonly<Record<string, unknown>> & {
  readonly operation: string
  readonly outcome: string
  readonly status: number
  readonly code?: string
}

/** The metrics of a request, in the embedded metric format. */
export type MetricLine = Readonly<Record<string, unknown>> & {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string
      readonly Dimensions: readonly (readonly string[])[]
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[]
    }[]
  }
}

const parsed = (log: readonly string[]) =>
  log
    .filter((line) => line.startsWith('{'))
    .map((line): Record<string, unknown> => JSON.parse(line))

/** The lines of requests in all that was written. */
export const requestLines = (log: readonly string[]) =>
  parsed(log).filter(({ message }) => message === 'request') as RequestLine[]

/** The metrics in all that was written. */
export const metricLines = (log: readonly string[]) =>
  parsed(log).filter((line) => '_aws' in line) as MetricLine[]

/** What was written of faults. */
export const faultLines = (log: readonly string[]) => parsed(log).filter((line) => 'fault' in line)
