import * as v from 'valibot'
import { optionalSetting, setting } from '../../lib/settings/setting.ts'
import { group, integer } from '../../lib/settings/values.ts'

/** RFC 6454 §6.2: scheme, host and port of a web page. */
const origin = v.pipe(
  v.string(),
  v.check(
    (value) =>
      value === '*' ||
      (URL.canParse(value) && new URL(value).origin === value && !value.startsWith('null')),
    'expected an origin such as https://app.example, or *',
  ),
)

/** A list of origins, or `*` for all. `*` is safe, because no response depends on a cookie. */
const origins = v.pipe(
  v.array(origin),
  v.check((list) => list.length === 1 || !list.includes('*'), 'expected * alone'),
)

/** RFC 9110 §5.1; `*` is a valid token too. */
const headerName = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'expected the name of a header, or *'),
)

const cors = group({
  origins: setting(
    'allowed origins, such as `https://app.example`; `["*"]` allows all',
    origins,
    [],
  ),
  allowHeaders: setting(
    'allowed request headers; `*` means all except `authorization`, which is always allowed',
    v.array(headerName),
    ['authorization', 'content-type', 'idempotency-key', 'mcp-protocol-version', '*'],
  ),
})

const log = group({
  level: setting(
    'minimum log level; each request logs one line at `info`, or at `error` after an internal server error',
    v.picklist(['info', 'debug', 'warn', 'error']),
    'info',
  ),
  retention: setting(
    'log retention in days (values that CloudWatch supports)',
    v.picklist([
      30, 1, 3, 5, 7, 14, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
      3288, 3653,
    ]),
    30,
  ),
})

const throttle = group({
  rate: setting('steady-state requests per second', integer(1, 1_000_000), 100),
  burst: setting('burst capacity in requests', integer(1, 1_000_000), 200),
})

/** `aws.` begins the sources of AWS services. */
const eventSource = v.pipe(
  v.string(),
  v.regex(
    /^(?!aws\.)[A-Za-z0-9._/-]{1,256}$/,
    'expected the source of events, such as login.example',
  ),
)

/**
 * What API Gateway, EventBridge and the logs do. No Lambda reads these settings, but they hold
 * locally too.
 */
export const apiSettings = {
  cors: setting('cross-origin requests to the API', cors, {}),
  throttle: setting(
    'throttle of API Gateway for all requests together; best effort, so that slightly more may pass',
    throttle,
    {},
  ),
  log: setting('request logs', log, {}),
  useEventSource: optionalSetting(
    '`source` of the EventBridge events `client.used` by which an authorization server reports use; by default no event is received',
    eventSource,
  ),
}
