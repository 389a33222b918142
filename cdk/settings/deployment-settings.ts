import * as v from 'valibot'
import { secretArn } from '../../lib/settings/connector-settings.ts'
import { optionalSetting, setting } from '../../lib/settings/setting.ts'
import { group, integer } from '../../lib/settings/values.ts'
import { alarmSettings } from './alarm-settings.ts'
import { concurrencySettings } from './concurrency-settings.ts'

const text = (pattern: RegExp, expected: string) => v.pipe(v.string(), v.regex(pattern, expected))

const hostName = text(
  /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/,
  'expected a hostname in lower case, such as register.example.com',
)

const customDomain = group({
  name: v.pipe(hostName, v.description('hostname; also the default of `baseUrl`')),
  certificate: v.pipe(
    text(
      /^arn:aws[\w-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/,
      'expected the ARN of a certificate in AWS Certificate Manager',
    ),
    v.description("ARN of the certificate: in the stage's Region, or in us-east-1 with `firewall`"),
  ),
  hostedZone: optionalSetting(
    'Route 53 hosted zone in which the record is created; without it, point your DNS at the output DomainTarget',
    group({
      id: v.pipe(
        text(/^Z[A-Z0-9]+$/, 'expected the ID of a hosted zone, such as Z0123456789ABC'),
        v.description('ID of the hosted zone'),
      ),
      name: v.pipe(hostName, v.description('domain name of the hosted zone')),
    }),
  ),
})

const firewall = group({
  enabled: setting('serve the API through CloudFront and a web ACL', v.boolean(), false),
  webAcl: optionalSetting(
    'ARN of an existing web ACL; by default one is created in us-east-1',
    text(
      /^arn:aws[\w-]*:wafv2:us-east-1:\d{12}:global\/webacl\/[\w-]+\/[\w-]+$/,
      'expected the ARN of a web ACL of scope `CLOUDFRONT`, in us-east-1',
    ),
  ),
  rate: setting(
    'maximum requests per IP address in five minutes (for the created web ACL)',
    integer(10, 2_000_000_000),
    1000,
  ),
  originKey: setting(
    'key of the origin key ring that CloudFront sends',
    text(/^k[1-9]\d{0,5}$/, 'expected a key of the ring, such as k1'),
    'k1',
  ),
})

const existing = group({
  table: v.pipe(
    text(
      /^arn:aws[\w-]*:dynamodb:[a-z0-9-]+:\d{12}:table\/[\w.-]{3,255}\/stream\/[\w:.-]+$/,
      "expected the ARN of the table's stream, `arn:aws:dynamodb:<region>:<account>:table/<name>/stream/<time>`",
    ),
    v.description("ARN of the table's stream, which identifies the table"),
  ),
  keyRing: v.pipe(
    secretArn,
    v.description('ARN of the key ring of the registration access tokens in the table'),
  ),
  clientSecretKeyRing: optionalSetting(
    'ARN of the key ring that encrypts the client secrets in the table; by default one is created',
    secretArn,
  ),
})

/** How a stage is deployed. No Lambda reads these settings, and the local service ignores them. */
export const deploymentSettings = {
  region: optionalSetting(
    'AWS Region of the stage; defaults to the Region of the credentials',
    text(/^[a-z]{2}(-[a-z]+)+-\d$/, 'expected a Region such as eu-central-1'),
  ),
  existing: optionalSetting(
    'existing table and key rings of a removed stage to reuse; by default they are created',
    existing,
  ),
  customDomain: optionalSetting('custom domain name of the API', customDomain),
  firewall: setting('CloudFront with a web ACL in front of the API', firewall, {}),
  encryptionKey: setting(
    'KMS key that encrypts table, secrets, logs, queue and alarms: AWS owned keys (`aws`), a key created with the stack (`stack`), or the ARN of an existing key',
    text(
      /^(aws|stack|arn:aws[\w-]*:kms:[a-z0-9-]+:\d{12}:key\/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}))$/,
      'expected `aws`, `stack` or the ARN of a key in KMS',
    ),
    'aws',
  ),
  tracing: setting('send traces of the Lambdas to X-Ray', v.boolean(), false),
  concurrency: setting('concurrent executions per Lambda', concurrencySettings, {}),
  alarms: setting('CloudWatch alarms', alarmSettings, {}),
}
