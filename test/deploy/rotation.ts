import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from '../../cdk/local/synthesis.ts'
import type { Account } from './account.ts'
import type { Call } from './api.ts'
import { stackName } from './cdk.ts'
import type { Emulator } from './emulator.ts'
import { expected, note } from './report.ts'
import { issue, type Registered, register, registered } from './walk.ts'
import type { Workshop } from './workshop.ts'

type Found = { readonly SecretString: string }

/** The current value of a secret. */
export const secretValue = async (aws: Account, id: string): Promise<string> =>
  ((await aws('secretsmanager', 'get-secret-value', '--secret-id', id)) as Found).SecretString

/** Runs the commands of cdk/README.md that rotate the master token, or the key ring; resolves to the secret's ARN. */
export async function rotate(
  which: 'master token' | 'key ring',
  workshop: Workshop,
  { environment }: Emulator,
): Promise<string> {
  const page = await readFile(join(root, 'cdk/README.md'), 'utf8')
  const section = /^## Rotate$(.*?)^## /ms.exec(page)?.[1] ?? ''
  const [first = '', second = ''] = [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(
    ([, block = '']) => block,
  )
  const block = which === 'master token' ? first : second
  if (block === '') throw new Error(`cdk/README.md does not tell how to rotate the ${which}`)
  const commands = block.replace(/^STACK=.*$/m, `STACK=${stackName}`)
  const printed = await workshop.succeed('bash', {
    arguments: ['-euo', 'pipefail', '-c', commands],
    environment,
  })
  return JSON.parse(printed)
}

/** What holds once the master token has been changed. */
export async function afterMasterToken(call: Call, before: string, after: string): Promise<void> {
  expected('the master token is another one', [after === before, after.length], [false, 64])
  note('a Lambda asks for a changed secret at most every ten seconds')
  await sleep(10_500)
  const listed = await call('GET', '/initial-access-tokens', after)
  expected('the new master token is taken by a Lambda that knew the one before', listed.status, 200)
  const refused = await call('GET', '/initial-access-tokens', before)
  expected('from then on the one before is refused there', refused.status, 401)
}

/** After a fresh start of all Lambdas: a client from before the new key, and one from after it. */
export async function afterKeyRing(
  call: Call,
  masterToken: string,
  client: Registered,
): Promise<void> {
  const old = await call('GET', client.path, client.token)
  expected(
    'a client from before the new key reads its secret',
    registered(old).secret,
    client.secret,
  )
  const fresh = await register(call, masterToken)
  const read = await call('GET', fresh.path, fresh.token)
  expected('a client of the new key reads its secret', registered(read).secret, fresh.secret)
  const token = await issue(call, masterToken)
  expected('a token is issued', token.slice(0, 4), 'iat_')
}
