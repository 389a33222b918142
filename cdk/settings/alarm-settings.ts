import * as v from 'valibot'
import { optionalSetting, setting } from '../../lib/settings/setting.ts'
import { group, integer } from '../../lib/settings/values.ts'

/** The threshold of an alarm, or `false` to disable it. */
const from = (means: string, threshold: number) =>
  setting(
    `${means}; \`false\` disables the alarm`,
    v.union([integer(1, 1_000_000_000), v.literal(false)]),
    threshold,
  )

/** The alarms of a stage (cdk/README.md). Counts are per five minutes. */
export const alarmSettings = group({
  enabled: setting('create the alarms', v.boolean(), true),
  topic: optionalSetting(
    'ARN of an existing SNS topic; by default one is created',
    v.pipe(
      v.string(),
      v.regex(/^arn:aws[\w-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+$/, 'expected the ARN of an SNS topic'),
    ),
  ),
  serverErrors: from('5xx responses', 5),
  sustainedServerErrors: from('5xx responses, in three of six periods', 1),
  latencyMs: from('p99 latency in milliseconds, for 15 minutes', 2_000),
  lambdaErrors: from('failed Lambda invocations (timeouts and crashes)', 1),
  lambdaThrottles: from('throttled Lambda invocations', 1),
  apiThrottles: from(
    'requests that API Gateway rejects (throttled, too large, or not from CloudFront)',
    50,
  ),
  tableThrottles: from('throttled DynamoDB requests', 5),
  tableErrors: from('failed DynamoDB requests', 5),
  authorizationFailures: from('401 and 403 responses', 50),
  rotationConflicts: from('uses of a replaced registration access token', 1),
  eventLag: from('event lag in seconds, for 10 minutes', 60),
  eventsStopped: setting(
    'alarm when writes produce no events in two of 16 periods of 15 minutes',
    v.boolean(),
    true,
  ),
  useReportsMissing: setting(
    'with `cleanUp.mode` `on`, alarm in a night before which no use was reported for two days',
    v.boolean(),
    true,
  ),
  clientDrift: from(
    'with `connectors`, clients in a night that differed at a server, or could not be pushed',
    1,
  ),
  userPoolUsage: from(
    'with a connector to Cognito, percent of the app clients that its user pool may have',
    80,
  ),
  deadLetters: from('messages in the dead-letter queue', 1),
})
