import * as v from 'valibot'
import { alarmSettings } from './alarm-settings.ts'
import { optionalSetting, setting } from './setting.ts'
import { group, integer } from './values.ts'

const text = (pattern: RegExp, expected: string) => v.pipe(v.string(), v.regex(pattern, expected))

const hostName = text(
  /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/,
  'expected a host name in lower case, such as register.example.com',
)

const customDomain = group({
  name: v.pipe(hostName, v.description('the host name; `baseUrl` unless that is set')),
  certificate: v.pipe(
    text(
      /^arn:aws[\w-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/,
      'expected the ARN of a certificate in AWS Certificate Manager',
    ),
    v.description("its certificate: in the stage's Region, or in us-east-1 behind a firewall"),
  ),
  hostedZone: optionalSetting(
    'the zone of Route 53 that is given its record; unless said, the output DomainTarget is what your DNS has to name',
    group({
      id: text(/^Z[A-Z0-9]+$/, 'expected the id of a hosted zone, such as Z0123456789ABC'),
      name: hostName,
    }),
  ),
})

const firewall = group({
  enabled: setting('whether callers come through CloudFront and a web ACL', v.boolean(), false),
  webAcl: optionalSetting(
    'a web ACL of your own; unless said, one is made in us-east-1',
    text(
      /^arn:aws[\w-]*:wafv2:us-east-1:\d{12}:global\/webacl\/[\w-]+\/[\w-]+$/,
      'expected the ARN of a web ACL of scope CLOUDFRONT, in us-east-1',
    ),
  ),
  rate: setting(
    'requests of one address in five minutes, of the web ACL that is made',
    integer(10, 2_000_000_000),
    1000,
  ),
  originKey: setting(
    'the key of the origin key ring that CloudFront sends',
    text(/^k[1-9]\d{0,5}$/, 'expected a key of the ring, such as k1'),
    'k1',
  ),
})

const lambdaConcurrency = (description: string) =>
  setting(
    description,
    group({
      reserved: optionalSetting(
        'the most at the same time, set aside for this one',
        integer(1, 100_000),
      ),
      provisioned: setting(
        'kept started, so that nobody waits for a start',
        integer(0, 100_000),
        0,
      ),
    }),
    {},
  )

/** Every Lambda of a stage, named after its file in functions/. */
const concurrency = group({
  'register-client': lambdaConcurrency('registrations'),
  'client-configuration': lambdaConcurrency("clients' reads, updates and deletions"),
  'initial-access-tokens': lambdaConcurrency('operators, on tokens'),
  clients: lambdaConcurrency('operators, on clients'),
  discovery: lambdaConcurrency('discovery, and paths that do not exist'),
  'publish-events': lambdaConcurrency('events'),
  'authorize-origin': lambdaConcurrency('the firewall; asked once an hour'),
})

const existing = group({
  table: v.pipe(
    text(
      /^arn:aws[\w-]*:dynamodb:[a-z0-9-]+:\d{12}:table\/[\w.-]{3,255}\/stream\/[\w:.-]+$/,
      "expected the ARN of the table's stream, arn:aws:dynamodb:<region>:<account>:table/<name>/stream/<time>",
    ),
    v.description("the ARN of the table's stream, which names the table too"),
  ),
  keyRing: v.pipe(
    text(
      /^arn:aws[\w-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}$/,
      'expected the whole ARN of a secret, which ends in a hyphen and six characters',
    ),
    v.description('the ARN of the key ring that the client secrets in the table are encrypted by'),
  ),
})

/** How a stage is deployed. No Lambda reads these settings, and the local service ignores them. */
export const deploymentSettings = {
  region: optionalSetting(
    'AWS Region of the stage; that of the credentials unless said',
    text(/^[a-z]{2}(-[a-z]+)+-\d$/, 'expected a Region such as eu-central-1'),
  ),
  existing: optionalSetting(
    'a table and a key ring that another stage left, to go on with; unless said, they are made',
    existing,
  ),
  customDomain: optionalSetting('a host name of your own for this API', customDomain),
  firewall: setting('CloudFront with a web ACL before the API', firewall, {}),
  encryptionKey: setting(
    'the KMS key that encrypts table, secrets, logs, queue and alarms: keys of AWS, one that is made with the stack, or one of yours',
    text(
      /^(aws|stack|arn:aws[\w-]*:kms:[a-z0-9-]+:\d{12}:key\/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}))$/,
      'expected `aws`, `stack` or the ARN of a key in KMS',
    ),
    'aws',
  ),
  tracing: setting('whether the Lambdas send traces to X-Ray', v.boolean(), false),
  concurrency: setting('how often each Lambda runs at the same time', concurrency, {}),
  alarms: setting('when somebody is called', alarmSettings, {}),
}
