import { ofType, synthesized } from '../cdk/synthesized.ts'
import type { ParsedQuery } from './queries.ts'

/** What Lambda writes by itself of any request, in its text format as AWS documents it. */
export const usualLines = [
  'INIT_START Runtime Version: nodejs:24.v1 Runtime Version ARN: arn:aws:lambda:eu-central-1::runtime:0',
  'START RequestId: 79b4f56e Version: $LATEST',
  'END RequestId: 79b4f56e',
  'REPORT RequestId: 79b4f56e\tDuration: 9.00 ms\tMemory Size: 1024 MB\tMax Memory Used: 90 MB',
]

/** And of timeouts and crashes. */
export const crashLines = [
  '2026-11-24T10:00:15.003Z 79b4f56e Task timed out after 15.00 seconds',
  'REPORT RequestId: 79b4f56e\tDuration: 15000.00 ms\tMemory Size: 1024 MB\tStatus: timeout',
  '2026-11-24T10:00:00.000Z\tundefined\tERROR\tUncaught Exception \t{"errorType":"Error"}',
  '2026-11-24T10:00:00.000Z\t79b4f56e\tERROR\tInvoke Error \t{"errorType":"Error"}',
  'INIT_REPORT Init Duration: 200.00 ms\tPhase: init\tStatus: error\tError Type: Runtime.ExitError',
  'REPORT RequestId: 79b4f56e\tDuration: 90.00 ms\tStatus: error\tError Type: Runtime.ExitError',
  'RequestId: 79b4f56e Error: Runtime exited with error: signal: killed',
]

/** What CloudWatch Logs knows of each line of a Lambda, beside the members of its JSON. */
const discovered = { '@timestamp': '0', '@log': '0:log', '@requestId': '79b4f56e' }

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
  return [...ours, ...crashLines.map((line) => ({ ...discovered, '@message': line }))]
}
