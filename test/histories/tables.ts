import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { createTable } from '../support/table.ts'
import type { Program } from './program.ts'

/** A table for all histories, and one for each in which clean-up looks at every client. */
export async function openTables(endpoint: string) {
  const client = new DynamoDBClient({ endpoint })
  const common = await createTable(endpoint)
  let own: string | undefined
  return {
    async take({ settings }: Program): Promise<string> {
      if (settings.cleanUp === undefined) return common
      if (own !== undefined) await client.send(new DeleteTableCommand({ TableName: own }))
      own = await createTable(endpoint)
      return own
    },
    close: () => client.destroy(),
  }
}
