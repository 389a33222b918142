/**
 * US dollars in us-east-1, without free tiers and taxes, written down on 2026-11-23: requests, DynamoDB units and secrets
 * after public documentation, Lambda and EventBridge after others' guides, the rest from memory. Look at AWS's own price
 * pages before relying on any of them.
 */
export const prices = {
  httpApiRequest: 1.0 / 1e6,
  dynamodbWriteUnit: 0.625 / 1e6,
  dynamodbReadUnit: 0.125 / 1e6,
  secretMonth: 0.4,
  lambdaRequest: 0.2 / 1e6,
  /** arm64. */
  lambdaGigabyteSecond: 0.0000133334,
  logGigabyte: 0.5,
  event: 1.0 / 1e6,
  secretsManagerCall: 0.05 / 1e4,
  dynamodbGigabyteMonth: 0.25,
  /** Continuous backups, for point-in-time recovery. */
  backupGigabyteMonth: 0.2,
  /** Of each metric that an alarm looks at. */
  alarmMetricMonth: 0.1,
  dashboardMonth: 3.0,
  metricMonth: 0.3,
  keyMonth: 1.0,
  kmsCall: 0.03 / 1e4,
  /** AWS WAF: the web ACL and each of its rules, and each request. */
  webAclMonth: 5.0,
  webAclRuleMonth: 1.0,
  webAclRequest: 0.6 / 1e6,
  /** HTTPS, in Europe and North America. */
  cloudFrontRequest: 1.0 / 1e6,
  trace: 5.0 / 1e6,
  /** arm64. */
  provisionedGigabyteSecond: 0.0000033334,
} as const

/** What only a running stage can show; until then, these figures are assumed. */
export const assumed = {
  /** Milliseconds a request to DynamoDB takes beyond the embedded one's time: the network, TLS, AWS's own work. */
  roundTripMs: 5,
  /** Milliseconds of middleware and JSON around an operation. */
  handlerMs: 2,
  /** Of all requests, and their INIT time, which is billed. */
  coldStarts: 0.01,
  initMs: 250,
  /** Bytes per request that are not the Lambda's own lines: the API's access log. Lambda's own begin at WARN. */
  otherLogBytes: 330,
  /** Changes that one call of the events Lambda brings: of five seconds, at one a second. And its milliseconds. */
  changesPerCall: 5,
  eventCallMs: 30,
} as const

/** Gigabytes of a Lambda's memory. */
export const memory = 1
