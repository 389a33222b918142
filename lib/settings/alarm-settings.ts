import * as v from 'valibot'
import { optionalSetting, setting } from './setting.ts'
import { group, integer } from './values.ts'

/** The threshold of an alarm, or `false` to disable it. */
const from = (means: string, threshold: number) =>
  setting(
    `${means}; \`false\` for no such alarm`,
    v.union([integer(1, 1_000_000_000), v.literal(false)]),
    threshold,
  )

/** The alarms of a stage (cdk/README.md). Counts are per five minutes. */
export const alarmSettings = group({
  enabled: setting('whether there are alarms', v.boolean(), true),
  topic: optionalSetting(
    'an SNS topic of your own; unless said, one is made',
    v.pipe(
      v.string(),
      v.regex(/^arn:aws[\w-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+$/, 'expected the ARN of an SNS topic'),
    ),
  ),
  serverErrors: from('answers with 5xx', 5),
  sustainedServerErrors: from('answers with 5xx, in each of three periods out of six', 1),
  latencyMs: from('milliseconds that one request in a hundred takes, for 15 minutes', 2_000),
  lambdaErrors: from('invocations without an answer', 1),
  lambdaThrottles: from('invocations that Lambda turns away', 1),
  apiThrottles: from('requests that API Gateway refuses by itself', 50),
  tableThrottles: from('requests that DynamoDB throttles', 5),
  tableErrors: from('requests that DynamoDB fails', 5),
  authorizationFailures: from('answers with 401 or 403', 50),
  rotationConflicts: from('registration access tokens that come again after their successor', 1),
  eventLag: from('seconds that events are behind the table, for 10 minutes', 60),
  eventsStopped: setting(
    'whether writes without events, in two quarters of an hour out of 16, raise an alarm',
    v.boolean(),
    true,
  ),
  deadLetters: from('messages in the dead-letter queue', 1),
})
