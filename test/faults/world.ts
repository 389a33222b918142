import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import type { World } from './trial.ts'
import { unreliableAws } from './unreliable-aws.ts'

/** The world of trials on this embedded DynamoDB. What prepares and checks them waits longer than a Lambda. */
export async function openWorld(engine: string): Promise<World & { close(): Promise<void> }> {
  const documents = documentClient({ endpoint: engine, requestHandler: {}, maxAttempts: 10 })
  const aws = await unreliableAws(engine)
  return {
    engine,
    documents,
    aws,
    async close() {
      documents.destroy()
      await aws.close()
    },
  }
}
