import { stripVTControlCharacters } from 'node:util'
import type { Account } from './account.ts'
import { type Call, openApi } from './api.ts'
import { type Cdk, type Outputs, stackName } from './cdk.ts'
import type { Emulator } from './emulator.ts'
import { expected, holds, note, step } from './report.ts'
import { secretKeyId, secretValue } from './rotation.ts'
import { type Registered, register, registered } from './smoke-test.ts'
import { replacedOnPurpose, type VersionBefore } from './version-before.ts'

/** What a stage holds that its replacement would lose. */
const stateful = [
  'AWS::DynamoDB::GlobalTable',
  'AWS::SecretsManager::Secret',
  'AWS::KMS::Key',
  'AWS::ApiGatewayV2::Api',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::Logs::LogGroup',
]

type Resources = {
  readonly StackResources: readonly {
    readonly LogicalResourceId: string
    readonly PhysicalResourceId: string
    readonly ResourceType: string
  }[]
}

/** The physical name of each stateful resource of the stack, by its logical id. */
async function held(aws: Account): Promise<Readonly<Record<string, string>>> {
  const words = ['cloudformation', 'describe-stack-resources', '--stack-name', stackName]
  const { StackResources } = (await aws(...words)) as Resources
  const found = StackResources.filter(({ ResourceType }) => stateful.includes(ResourceType))
  return Object.fromEntries(
    found.map(({ LogicalResourceId, PhysicalResourceId }) => [
      LogicalResourceId,
      PhysicalResourceId,
    ]),
  )
}

/** Lines of `cdk diff` in which a stateful resource goes, or another one comes in its place. */
const replacements = (printed: string): readonly string[] =>
  stripVTControlCharacters(printed)
    .split('\n')
    .filter((line) => /\b(replace|replaced|destroy|orphan)\b/.test(line))
    .filter((line) => stateful.some((type) => line.includes(type)))

/** What a client of the version before does after the upgrade. */
async function goOn(aws: Account, call: Call, client: Registered, table: string): Promise<void> {
  const { client_id, path, token, secret } = client
  const read = registered(await call('GET', path, token))
  expected('a client of the version before reads its secret', read.secret, secret)
  const replacement = { client_id, redirect_uris: ['https://client.example/upgraded'] }
  const updated = registered(await call('PUT', path, read.token, replacement))
  expected(
    'it is updated: its secret stays, its token is another one',
    [updated.secret, updated.token === read.token],
    [secret, false],
  )
  expected(
    'its secret is now under a key of its own',
    await secretKeyId(aws, table, client_id),
    's1',
  )
  const again = registered(await call('GET', path, updated.token))
  expected('it reads its secret by the new token', again.secret, secret)
}

/** The version before is deployed and used; then this one over it. Resolves to the outputs. */
export async function upgrade(
  { aws, cdk, emulator }: { readonly aws: Account; readonly cdk: Cdk; readonly emulator: Emulator },
  before: VersionBefore,
): Promise<Outputs> {
  step(`cdk deploy of the version before (${before.name})`)
  const { outputs: first } = await cdk.deploy({}, before.directory)
  holds(`deployed: ${first.Url}`)
  const call = openApi(emulator, first.Url)
  const client = await register(call, await secretValue(aws, first.MasterTokenSecret))
  const kept = await held(aws)

  step('cdk diff and cdk deploy of this version over it')
  await cdk.configure({})
  const { output, errors } = await cdk.diff('template')
  const onPurpose = Object.keys(replacedOnPurpose).filter((id) => id in kept)
  const isOnPurpose = (line: string) => onPurpose.some((id) => line.includes(id))
  const replaced = replacements(output + errors)
  expected(
    'the diff shows what is replaced on purpose',
    replaced.filter(isOnPurpose).length,
    onPurpose.length,
  )
  expected(
    'and loses nothing else that is held',
    replaced.filter((line) => !isOnPurpose(line)),
    [],
  )
  const { outputs } = await cdk.deploy({})
  const now = await held(aws)
  const lost = Object.entries(kept).filter(
    ([id, name]) => now[id] !== name && !(id in replacedOnPurpose),
  )
  expected(`nothing of ${Object.keys(kept).length} that are held is replaced`, lost, [])
  for (const id of onPurpose) note(`replaced on purpose: ${id}: ${replacedOnPurpose[id]}`)
  const same = ['Url', 'RegistrationEndpoint', 'TableName', 'MasterTokenSecret'] as const
  expected(
    'the outputs that others keep are the same',
    same.map((name) => outputs[name]),
    same.map((name) => first[name]),
  )
  await goOn(aws, call, client, outputs.TableName)
  return outputs
}
