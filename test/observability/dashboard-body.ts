import { ofType, synthesized } from '../cdk/synthesized.ts'

/** CloudWatch's dashboard body structure, as far as ours uses it. */
export type DashboardBody = { readonly widgets: readonly Widget[] }

export type Widget = {
  readonly type: 'alarm' | 'metric' | 'log'
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly properties: {
    readonly title: string
    readonly alarms?: readonly string[]
    readonly query?: string
    readonly stacked?: boolean
    readonly metrics?: readonly (readonly (string | MetricOptions)[])[]
    readonly annotations?: { readonly horizontal?: readonly Annotation[] }
  }
}

type MetricOptions = {
  readonly label?: string
  readonly color?: string
  readonly visible?: boolean
  readonly expression?: string
}

export type Annotation = { readonly value: number; readonly label: string; readonly color: string }

/** One line of a graph. */
export type Series = { readonly label: string; readonly color: string }

type Join = { readonly 'Fn::Join': readonly ['', readonly (string | object)[]] }

/** The body of the synthesized dashboard; what only a deployment knows is named by its logical id. */
export function dashboardBody(): DashboardBody {
  const [dashboard] = ofType(synthesized(), 'AWS::CloudWatch::Dashboard')
  if (dashboard === undefined) throw new Error('the stack has no dashboard')
  const { 'Fn::Join': join } = dashboard[1].Properties.DashboardBody as Join
  const text = join[1].map((part) => (typeof part === 'string' ? part : nameOf(part))).join('')
  return JSON.parse(text)
}

function nameOf(reference: object): string {
  const [value] = Object.values(reference)
  const id = Array.isArray(value) ? String(value[0]) : String(value)
  return id.replace(/^ServiceWatchAlarms/, '').replace(/[0-9A-F]{8}$/, '')
}

const palette = [
  '#1f77b4',
  '#ff7f0e',
  '#2ca02c',
  '#d62728',
  '#9467bd',
  '#8c564b',
  '#e377c2',
  '#7f7f7f',
  '#bcbd22',
  '#17becf',
]

/** The lines that a graph shows: not what only sums are made of. */
export function seriesOf({ properties }: Widget): readonly Series[] {
  const options = (properties.metrics ?? []).map((metric) => {
    const last = metric.at(-1)
    return { name: String(metric[1]), ...(typeof last === 'object' ? last : {}) }
  })
  return options
    .filter(({ visible }) => visible !== false)
    .map(({ label, name, color }, index) => ({
      label: label ?? name,
      color: color ?? palette[index % palette.length] ?? '#000',
    }))
}
