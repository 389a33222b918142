import type { StageSettingsInput } from '../../cdk/settings/settings.ts'
import { openAccount } from './account.ts'
import { openApi } from './api.ts'
import { openCdk } from './cdk.ts'
import { lint, lintVariants } from './cfn-lint.ts'
import { delivered, subscribe } from './delivery.ts'
import { region, startEmulator } from './emulator.ts'
import { missingGrants } from './missing-grants.ts'
import { outsideApp } from './outside-app.ts'
import { pythonPrograms } from './python.ts'
import { commandsOf, paste } from './readme.ts'
import { expected, holds, note, step, summary } from './report.ts'
import { restore } from './restore.ts'
import { afterKeyRings, afterMasterToken, rotate, secretValue } from './rotation.ts'
import { signatures } from './signatures.ts'
import { register, walk } from './smoke-test.ts'
import { describeTable } from './table.ts'
import { TempDir } from './temp-dir.ts'
import { cleanUp, unattendedGrants } from './unattended.ts'
import { upgrade } from './upgrade.ts'
import { firewall } from './variants.ts'
import { versionBefore } from './version-before.ts'

const help = `npm run test:deploy

Deploys the app by the CDK's own command to MiniStack, an emulator of AWS, whose IAM enforces the deployed roles;
uses what was deployed over HTTP; deploys it again, changes it, takes grants away, removes it. Needs python3 with
venv; installs its Python programs into .venv-deploy, once. See test/deploy/README.md.`

const packages = ['ministack==1.5.33', 'cfn-lint==1.58.0', 'awscli==1.46.3']

async function deployTest(tempDir: TempDir): Promise<void> {
  const before = await versionBefore(tempDir)

  step('The Python programs: emulator, cfn-lint, AWS CLI')
  const programs = await pythonPrograms(tempDir, { folder: '.venv-deploy', packages })

  step('The emulator, roles enforced')
  const emulator = await startEmulator(tempDir, programs)
  holds(`it answers on loopback port ${emulator.port}`)
  for (const line of emulator.corrections) note(`corrected: ${line}`)

  step('The templates of all variants')
  await lintVariants(tempDir, emulator)

  const aws = openAccount(tempDir, emulator)
  const cdk = await openCdk(tempDir, emulator)

  step('cdk bootstrap')
  await cdk.bootstrap(aws)
  holds('the account is ready')
  note(
    'corrected: the bucket policy that demands TLS is taken away, because the emulator has no TLS',
  )

  await outsideApp(aws, tempDir, emulator)

  const outputs = await upgrade({ aws, cdk, emulator }, before)
  await lint(tempDir, emulator, [cdk.template])
  holds('cfn-lint finds nothing in the deployed template')
  const table = await describeTable(aws, outputs.TableName)
  const call = openApi(emulator, outputs.Url)
  const first = await secretValue(aws, outputs.MasterTokenSecret)

  step('The deployed API, as operator and as client')
  const subscriber = await subscribe(aws)
  const client_id = await walk(call, first)

  step('The events of it, on EventBridge')
  await delivered(subscriber, client_id, table.arn)

  step('cdk diff and cdk deploy with nothing changed')
  const { code, output, errors } = await cdk.diff()
  expected('the diff is empty', [code, code === 0 ? '' : output + errors], [0, ''])
  const again = await cdk.deploy({})
  const unchanged = again.printed.includes('(no changes)')
  expected('the deploy says so', unchanged ? '' : again.printed, '')

  step('cdk deploy with changed settings')
  const kept = await register(call, first)
  const signs = signatures(outputs.Url)
  const settings: StageSettingsInput = {
    ...signs.settings,
    registrationAccessToken: { rotateOn: ['read', 'update'], reuseWindow: 30 },
    initialAccessToken: { static: true },
    policies: ['maximum-clients-per-owner'],
    policySettings: { 'maximum-clients-per-owner': { max: 1000 } },
  }
  const same = async (changed: StageSettingsInput) => {
    const { outputs: now } = await cdk.deploy(changed)
    expected('the outputs are the same', now, outputs)
    expected('the table is the same one', await describeTable(aws, outputs.TableName), table)
  }
  await same(settings)
  const { status } = await call('GET', kept.path, kept.token)
  expected('a client from before reads itself', status, 200)
  const repeated = await call('GET', kept.path, kept.token)
  expected('the reuse window is in force: the same token again', repeated.status, 200)

  step('Each grant of each Lambda taken away')
  await missingGrants(aws, { call, masterToken: first, signatures: signs })

  step('cdk deploy with clean-up and reports of use as events, and each grant of theirs taken away')
  await same({ ...settings, cleanUp, useEventSource: 'login.example' })
  await unattendedGrants(aws, { call, masterToken: first, signatures: signs }, outputs.TableName)

  step('A client restored from a backup by the commands of cdk/README.md')
  await restore(call, first, tempDir, emulator)

  step('The master token and the key rings, rotated by the commands of cdk/README.md')
  await rotate('master token', tempDir, emulator)
  const masterToken = await secretValue(aws, outputs.MasterTokenSecret)
  await afterMasterToken(call, first, masterToken)
  const client = await register(call, masterToken)
  const idsOf = async (ring: string) => {
    const { current, ...keys } = JSON.parse(await secretValue(aws, ring))
    return [current, Object.keys(keys)]
  }
  const keyRing = await rotate('ServiceSecretsKeyRing', tempDir, emulator)
  const secretRing = await rotate('ServiceSecretsClientSecretKeyRing', tempDir, emulator)
  const rings = [keyRing, secretRing]
  const rotated = [
    ['k2', ['k1', 'k2']],
    ['s2', ['s1', 's2']],
  ]
  expected(
    'each key ring has a second key, the current one',
    await Promise.all(rings.map(idsOf)),
    rotated,
  )

  step('cdk deploy with a key of the stack, traces, and Lambdas that are kept started')
  await same({
    ...settings,
    region,
    encryptionKey: 'stack',
    tracing: true,
    concurrency: {
      'register-client': { reserved: 20, provisioned: 1 },
      clients: { provisioned: 1 },
    },
  })
  await afterKeyRings(aws, { call, masterToken }, outputs, client)

  await firewall({ tempDir, emulator, aws, cdk }, outputs.Url, masterToken)

  step('The stage deleted by the commands of cdk/README.md')
  const rejected = await cdk.destroy()
  expected(
    'it is protected from deletion',
    [rejected.code === 0, await cdk.exists(aws)],
    [false, true],
  )
  const [remove = ''] = await commandsOf('Uninstall')
  await paste(remove.replace(/^npx cdk destroy.*$/m, ''), tempDir, emulator)
  expected('once it is not, it goes', (await cdk.destroy()).code, 0)
  expected('the stack is gone', await cdk.exists(aws), false)
  const gone = await call('GET', '/.well-known/openid-configuration')
  expected('and the API', gone.status === 200, false)
  expected('the table stays', await describeTable(aws, outputs.TableName), table)
  expected('the key rings stay', await Promise.all(rings.map(idsOf)), rotated)
}

async function main(): Promise<void> {
  const tempDir = await TempDir.open()
  let stopped = false
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      stopped = true
      console.error(`\n${name}: stopping what was started here`)
      void tempDir.close()
    })
  }
  try {
    await deployTest(tempDir)
    summary(0)
  } catch (error) {
    process.exitCode = 1
    if (stopped) return
    console.error(`\nFAILED  ${error instanceof Error ? error.message : String(error)}`)
    summary(1)
  } finally {
    await tempDir.close()
  }
}

if (process.argv.includes('--help')) console.log(help)
else await main()
