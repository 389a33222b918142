import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { shellFor } from './shell.ts'
import { credentials } from './synthesized-table.ts'

const timeoutMs = 5_000

/** Throws an Error when DynamoDB does not respond at the endpoint. */
export async function requireDynamodb(endpoint: string): Promise<void> {
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 })
  try {
    const abortSignal = AbortSignal.timeout(timeoutMs)
    const { TableNames } = await client.send(new ListTablesCommand({ Limit: 1 }), { abortSignal })
    if (TableNames === undefined) throw new SyntaxError('expected TableNames')
  } catch (error) {
    throw new Error(
      `DYNAMODB_ENDPOINT: no DynamoDB answers at ${endpoint} (${reasonOf(error)}). Start one:\n  ${dynamodbLocal}`,
      { cause: error },
    )
  } finally {
    client.destroy()
  }
}

/** Starts DynamoDB Local on loopback. */
const dynamodbLocal = 'docker run --rm -p 127.0.0.1:8000:8000 amazon/dynamodb-local'

/** Commands to run the service with a separate DynamoDB, one per line. */
export function ownDynamodb(platform: NodeJS.Platform): readonly string[] {
  const start = shellFor(platform).run('DYNAMODB_ENDPOINT', 'http://127.0.0.1:8000', 'npm start')
  return [dynamodbLocal, start]
}

function reasonOf(error: unknown): string {
  const { code, name } = error as NodeJS.ErrnoException
  return code ?? reasons[name] ?? name
}

/** Readable reasons for the SDK's error names. */
const reasons: Readonly<Record<string, string>> = {
  AbortError: `no answer within ${timeoutMs / 1000} s`,
  SyntaxError: 'another server does',
  Unknown: 'another server does',
}
