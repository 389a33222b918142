import type { Account } from './account.ts'
import { openApi } from './api.ts'
import type { Cdk } from './cdk.ts'
import { deployedLambda } from './deployed-lambda.ts'
import type { Emulator } from './emulator.ts'
import { grantsOf, nameOf, statementOf } from './grants.ts'
import { expected, note, step } from './report.ts'
import { rotate, secretValue } from './rotation.ts'
import { walk } from './smoke-test.ts'
import type { TempDir } from './temp-dir.ts'

export type Site = {
  readonly tempDir: TempDir
  readonly emulator: Emulator
  readonly aws: Account
  readonly cdk: Cdk
}

const header = 'x-origin-key'

/** What a stage has before it: a web ACL of the team's, because the emulator has one Region only. */
const before = (originKey: string) => ({
  enabled: true,
  webAcl: 'arn:aws:wafv2:us-east-1:000000000000:global/webacl/central/11111111-2222',
  originKey,
})

/** A firewall before the API that is deployed at this URL, and the change of its origin key. */
export async function firewall(
  { tempDir, emulator, aws, cdk }: Site,
  url: string,
  masterToken: string,
): Promise<void> {
  const discovery = ['GET', '/.well-known/openid-configuration'] as const
  const by = (key?: string) => openApi(emulator, url, key === undefined ? {} : { [header]: key })
  const status = async (key?: string) => (await by(key)(...discovery)).status

  step('cdk deploy with a firewall')
  const { outputs } = await cdk.deploy({ firewall: before('k1') })
  const first = await sent(aws)
  note(
    'the emulator has no TLS: CloudFront is not asked, the API is, with the header that CloudFront has',
  )
  expected('a request that bypasses CloudFront', await status(), 401)
  expected('a request with a guessed key', await status('k1'), 403)
  const found = await by(first)(...discovery)
  expected(
    "clients receive CloudFront's address",
    [found.status, found.body.registration_endpoint],
    [200, `${outputs.Url}/register`],
  )
  await walk(by(first), masterToken)
  await withoutItsSecret(aws, () => status('another'))

  step('The origin keys, rotated by the commands of cdk/README.md')
  const secret = await rotate('ServiceFirewallOriginKeys', tempDir, emulator)
  const { k1, k2, ...others } = JSON.parse(await secretValue(aws, secret))
  expected('the ring has a second key', [k1, typeof k2, others], [first, 'string', {}])
  await cdk.deploy({ firewall: before('k2') })
  expected('CloudFront sends it', await sent(aws), k2)
  expected('the API takes both', [await status(k2), await status(k1)], [200, 200])
}

/** A guessed key is rejected where the origin keys cannot be read, and the log says that. */
async function withoutItsSecret(aws: Account, guess: () => Promise<number>): Promise<void> {
  const lambda = await deployedLambda(aws, 'FirewallOriginAuthorize')
  const grants = grantsOf(lambda.policy)
  const named = grants.map(nameOf).filter((name) => !name.startsWith('logs:'))
  expected('authorize-origin is granted the origin keys, and nothing else', named, [
    'secretsmanager:GetSecretValue OriginKeys',
  ])
  const began = Date.now()
  await lambda.permit(grants.filter(({ action }) => action.startsWith('logs:')).map(statementOf))
  await lambda.restart()
  const found = [await guess(), /AccessDenied/.test(await lambda.loggedSince(began))]
  await lambda.permit(lambda.policy)
  await lambda.restart()
  expected('without them it lets nobody in, and AccessDenied is in its log', found, [500, true])
}

/** The origin key that the distribution sends. */
async function sent(aws: Account): Promise<string | undefined> {
  const { DistributionList } = (await aws('cloudfront', 'list-distributions')) as Distributions
  const [distribution, ...more] = DistributionList.Items
  expected('there is one distribution', [distribution === undefined, more.length], [false, 0])
  return distribution?.Origins.Items.flatMap(({ CustomHeaders }) => CustomHeaders.Items).find(
    ({ HeaderName }) => HeaderName === header,
  )?.HeaderValue
}

type Distributions = {
  readonly DistributionList: {
    readonly Items: readonly {
      readonly Origins: {
        readonly Items: readonly {
          readonly CustomHeaders: {
            readonly Items: readonly { readonly HeaderName: string; readonly HeaderValue: string }[]
          }
        }[]
      }
    }[]
  }
}
