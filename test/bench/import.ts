import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb'
import { startDynamodb } from '../../cdk/local/embedded-dynamodb.ts'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { decryptSecretJwe } from '../../lib/tokens/secret-jwe.ts'
import { ordinary, registered } from '../support/clients.ts'
import { composeServer, secretRing } from '../support/compose.ts'
import { createTable } from '../support/table.ts'

const clients = 10_000
const budgetSeconds = 120
const concurrency = 16

/**
 * Exports 10,000 clients with their secrets, imports them into an empty table by the rules of the
 * settings, and imports them again. Prints the time of each command, its start included; resolves to
 * whether the import is within two minutes and the tables have the same clients.
 */
export async function importing(): Promise<boolean> {
  process.env.AWS_ACCESS_KEY_ID = 'local'
  process.env.AWS_SECRET_ACCESS_KEY = 'local'
  process.env.AWS_REGION = 'eu-central-1'
  const dynamodb = await startDynamodb(undefined, new AbortController().signal)
  const folder = mkdtempSync(join(tmpdir(), 'import-'))
  try {
    const documents = documentClient({ endpoint: dynamodb.endpoint, requestHandler: {} })
    const [from, into] = [
      await createTable(dynamodb.endpoint),
      await createTable(dynamodb.endpoint),
    ]
    await register(documents, from)
    const file = join(folder, 'clients.ndjson')
    const settings = join(folder, 'settings.json')
    writeFileSync(settings, '{}')
    const ring = join(folder, 'ring.json')
    const { current, keys } = secretRing
    writeFileSync(ring, JSON.stringify({ current, ...Object.fromEntries(keys) }))
    const secrets = ['--client-secret-key-ring', ring]
    const run = (...words: readonly string[]) => timed([...words, ...secrets], dynamodb.endpoint)

    const exported = await run('export', '--table', from, '--output', file, '--secrets')
    const bytes = statSync(file).size
    const judged = ['--input', file, '--settings', settings]
    const imported = await run('import', '--table', into, ...judged)
    const again = await run('import', '--table', into, ...judged)
    const isSame = await haveSameClients(documents, from, into)
    console.log(`${clients} clients with secrets, seconds of each command with its start`)
    row('export', exported, `${(bytes / clients).toFixed(0)} bytes a client`)
    row('import into an empty table', imported, `at most ${budgetSeconds}`)
    row('the same import again', again, 'changes nothing')
    console.log(`  the tables have ${isSame ? 'the same clients' : 'DIFFERENT clients'}`)
    return isSame && imported <= budgetSeconds
  } finally {
    rmSync(folder, { recursive: true })
    await dynamodb.close()
  }
}

async function register(documents: DynamoDBDocumentClient, TableName: string): Promise<void> {
  const server = composeServer(documents, TableName, {})
  let started = 0
  const work = async () => {
    while (started < clients) {
      started += 1
      if (started % 1_000 === 0) process.stderr.write(`\r  ${started} clients registered `)
      await registered(server, { ...ordinary, client_name: `Client ${started}` })
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  process.stderr.write('\r\x1b[K')
}

/** Seconds that a command takes. Throws an Error if it fails. */
async function timed(words: readonly string[], endpoint: string): Promise<number> {
  const begin = performance.now()
  const child = spawn(process.execPath, ['cdk/commands/client-registration.ts', ...words], {
    env: { ...process.env, AWS_ENDPOINT_URL_DYNAMODB: endpoint },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`${words[0]} ended with ${code}`)
  return (performance.now() - begin) / 1000
}

type Items = ReadonlyMap<string, Readonly<Record<string, unknown>>>

/** Whether both tables have equal items, secrets included, but for what an import sets anew. */
async function haveSameClients(
  documents: DynamoDBDocumentClient,
  from: string,
  into: string,
): Promise<boolean> {
  const [before, after] = [await itemsOf(documents, from), await itemsOf(documents, into)]
  return before.size === clients && isDeepStrictEqual(before, after)
}

async function itemsOf(client: DynamoDBDocumentClient, TableName: string): Promise<Items> {
  const items = new Map<string, Readonly<Record<string, unknown>>>()
  for await (const { Items = [] } of paginateScan({ client }, { TableName }))
    for (const { pk, write_id: _, sequence: __, secret_jwe, ...item } of Items) {
      const client_id = String(pk).slice('CLIENT#'.length)
      const secret = decryptSecretJwe(client_id, String(secret_jwe), [secretRing])
      items.set(client_id, { ...item, secret })
    }
  return items
}

const row = (name: string, seconds: number, note: string) =>
  console.log(`  ${name.padEnd(30)}${seconds.toFixed(1).padStart(8)}  ${note}`)
