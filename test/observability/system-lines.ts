import { ofType, synthesized } from '../cdk/synthesized.ts'
import type { ParsedQuery } from './queries.ts'

const line = (type: string, record: object) =>
  JSON.stringify({ time: '2026-11-24T10:00:15.003Z', type: `platform.${type}`, record })

const requestId = '79b4f56e'

/** What Lambda writes by itself of any request, in its JSON format as AWS documents it, if its level were not WARN. */
export const usualLines = [
  line('initStart', { initializationType: 'on-demand', phase: 'init' }),
  line('start', { requestId, version: '$LATEST' }),
  line('runtimeDone', { requestId, status: 'success' }),
  line('report', { requestId, metrics: { durationMs: 9 }, status: 'success' }),
]

/** And of timeouts and crashes. */
export const crashLines = [
  line('runtimeDone', { requestId, status: 'timeout' }),
  line('report', { requestId, metrics: { durationMs: 15_000 }, status: 'timeout' }),
  line('initReport', { phase: 'init', status: 'error', errorType: 'Runtime.ExitError' }),
  line('report', {
    requestId,
    metrics: { durationMs: 90 },
    status: 'error',
    errorType: 'Runtime.ExitError',
  }),
  line('report', { requestId, metrics: { durationMs: 90 }, status: 'failure' }),
  'RequestId: 79b4f56e Error: Runtime exited with error: signal: killed',
  '2026-11-24T10:00:15.003Z 79b4f56e Task timed out after 15.00 seconds',
]

/** What CloudWatch Logs knows of each line of a Lambda, beside the members of its JSON. */
const discovered = { '@timestamp': '0', '@log': '0:log' }

/** API Gateway's line as the stage declares it. */
export function accessLogFormat(): string {
  const [stage] = ofType(synthesized(), 'AWS::ApiGatewayV2::Stage')
  const settings = stage?.[1].Properties.AccessLogSettings as { Format: string } | undefined
  return settings?.Format ?? ''
}

const accessLines = (): Record<string, unknown>[] =>
  ['401', '403', '429'].map((status) =>
    JSON.parse(accessLogFormat().replace('$context.status', status)),
  )

/** The lines of the logs over which a query runs. */
export function written({ over }: ParsedQuery, log: readonly string[]): Record<string, unknown>[] {
  if (over.some((group) => group.includes('AccessLog')))
    return accessLines().map((line) => ({ ...line, '@timestamp': '0' }))
  const ours = log
    .filter((line) => line.startsWith('{'))
    .map((line) => ({ ...discovered, ...JSON.parse(line), '@message': line }))
  const crashes = crashLines.map((text) => ({
    ...discovered,
    ...(text.startsWith('{') && JSON.parse(text)),
    '@message': text,
  }))
  return [...ours, ...crashes]
}
