import { ofType, synthesized } from '../cdk/synthesized.ts'

/** CloudWatch's dashboard body structure, as far as ours uses it. */
type DashboardBody = { readonly widgets: readonly Widget[] }

type Widget = {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly properties: {
    readonly title: string
    readonly query?: string
    readonly metrics?: readonly (readonly (string | object)[])[]
  }
}

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
