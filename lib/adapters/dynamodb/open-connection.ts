import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'

/**
 * Opens the connection that the first request will use. DynamoDB responds to an unauthenticated
 * `GET /`, which is not signed, metered or billed. Never rejects.
 */
export async function openConnection(client: DynamoDBClient): Promise<void> {
  const command = new GetItemCommand({ TableName: 'none', Key: {} })
  // Only the SDK knows its endpoint, so the request is sent from the step after endpoint
  // resolution.
  command.middlewareStack.add(
    () =>
      async ({ request }) => {
        const { protocol, hostname, port } = request as Endpoint
        const plain = { protocol, hostname, port, method: 'GET', path: '/', headers: {}, query: {} }
        const { response } = await client.config.requestHandler.handle(plain as Request)
        // The connection can be reused only after the body has been read to its end.
        await response.body.toArray()
        return { response, output: { $metadata: {} } }
      },
    { step: 'build', name: 'openConnection' },
  )
  await client.send(command).catch(() => {})
}

type Request = Parameters<DynamoDBClient['config']['requestHandler']['handle']>[0]
type Endpoint = Pick<Request, 'protocol' | 'hostname' | 'port'>
