import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'

/**
 * Opens the connection that the first request will use. DynamoDB answers `GET /` to everybody: nothing is signed,
 * counted or billed. Resolves whatever becomes of it.
 */
export async function openConnection(client: DynamoDBClient): Promise<void> {
  const command = new GetItemCommand({ TableName: 'none', Key: {} })
  // Only the SDK knows its endpoint: the request goes out from where it has been resolved.
  command.middlewareStack.add(
    () =>
      async ({ request }) => {
        const { protocol, hostname, port } = request as Endpoint
        const plain = { protocol, hostname, port, method: 'GET', path: '/', headers: {}, query: {} }
        const { response } = await client.config.requestHandler.handle(plain as Request)
        // Read to its end, the connection is free again.
        await response.body.toArray()
        return { response, output: { $metadata: {} } }
      },
    { step: 'build', name: 'openConnection' },
  )
  await client.send(command).catch(() => {})
}

type Request = Parameters<DynamoDBClient['config']['requestHandler']['handle']>[0]
type Endpoint = Pick<Request, 'protocol' | 'hostname' | 'port'>
