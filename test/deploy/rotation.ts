import { setTimeout as sleep } from 'node:timers/promises'
import type { Account } from './account.ts'
import type { Call } from './api.ts'
import type { Outputs } from './cdk.ts'
import type { Emulator } from './emulator.ts'
import { commandsOf, paste } from './readme.ts'
import { expected, note } from './report.ts'
import { type Registered, register, registered } from './smoke-test.ts'
import type { TempDir } from './temp-dir.ts'

type Found = { readonly SecretString: string }

/** The current value of a secret. */
export const secretValue = async (aws: Account, id: string): Promise<string> =>
  ((await aws('secretsmanager', 'get-secret-value', '--secret-id', id)) as Found).SecretString

/** What is rotated: the secret's name in the commands of cdk/README.md. */
type Rotated =
  | 'master token'
  | 'ServiceSecretsKeyRing'
  | 'ServiceSecretsClientSecretKeyRing'
  | 'ServiceFirewallOriginKeys'

/** Runs the commands of cdk/README.md that rotate this; resolves to the secret's ARN. */
export async function rotate(what: Rotated, tempDir: TempDir, emulator: Emulator): Promise<string> {
  const [first = '', second = ''] = await commandsOf('Rotate secrets')
  const ring = second.replace(/^RING=.*$/m, `RING=${what}`)
  return JSON.parse(await paste(what === 'master token' ? first : ring, tempDir, emulator))
}

/** What holds once the master token has been changed. */
export async function afterMasterToken(call: Call, before: string, after: string): Promise<void> {
  expected('the master token is another one', [after === before, after.length], [false, 64])
  note('a Lambda asks for a changed secret at most every ten seconds')
  await sleep(10_500)
  const listed = await call('GET', '/initial-access-tokens', after)
  expected('the new master token is taken by a Lambda that knew the one before', listed.status, 200)
  const rejected = await call('GET', '/initial-access-tokens', before)
  expected('from then on the one before is rejected there', rejected.status, 401)
}

/**
 * After a fresh start of all Lambdas: a client from before the new keys goes on with its life, and one from after them
 * is of the new keys.
 */
export async function afterKeyRings(
  aws: Account,
  { call, masterToken }: { readonly call: Call; readonly masterToken: string },
  { TableName }: Pick<Outputs, 'TableName'>,
  client: Registered,
): Promise<void> {
  const read = registered(await call('GET', client.path, client.token))
  expected('a client from before the new keys reads its secret', read.secret, client.secret)
  const { client_id } = client
  const replacement = { client_id, redirect_uris: ['https://client.example/elsewhere'] }
  const replaced = await call('PUT', client.path, read.token, replacement)
  expected('and is updated, its secret the same', registered(replaced).secret, client.secret)
  expected('its secret is under the old key', await secretKeyId(aws, TableName, client_id), 's1')
  const ended = await call('DELETE', client.path, registered(replaced).token)
  expected('and deletes itself', ended.status, 204)

  const fresh = await register(call, masterToken)
  const own = registered(await call('GET', fresh.path, fresh.token))
  expected('a client of the new keys reads its secret', own.secret, fresh.secret)
  const newKeyId = await secretKeyId(aws, TableName, fresh.client_id)
  expected('which is under the new key', newKeyId, 's2')
}

/** RFC 7516 §4.1.6: the id of the key that a client's stored secret is encrypted under. */
export async function secretKeyId(aws: Account, table: string, client_id: string) {
  const Key = JSON.stringify({ pk: { S: `CLIENT#${client_id}` } })
  const words = ['dynamodb', 'get-item', '--table-name', table, '--key', Key]
  const { Item } = (await aws(...words)) as { readonly Item: StoredClient }
  const [header = ''] = Item.secret_jwe.S.split('.')
  return JSON.parse(Buffer.from(header, 'base64url').toString()).kid
}

type StoredClient = { readonly secret_jwe: { readonly S: string } }
