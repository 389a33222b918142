import { createServer, type IncomingMessage } from 'node:http'
import { GetCommand } from '@aws-sdk/lib-dynamodb'
import { describe, expect, onTestFinished, test } from 'vitest'
import { documentClient } from '../../../../lib/adapters/dynamodb/document-client.ts'
import { openConnection } from '../../../../lib/adapters/dynamodb/open-connection.ts'
import { listen } from '../../../support/loopback.ts'

/** A DynamoDB that answers as AWS's does, and what it was asked. */
async function endpoint() {
  const requests: IncomingMessage[] = []
  let connections = 0
  const server = createServer((request, response) => {
    requests.push(request)
    request.resume()
    response.setHeader('content-type', 'application/x-amz-json-1.0')
    response.end(request.method === 'GET' ? 'healthy: dynamodb.eu-central-1.amazonaws.com ' : '{}')
  })
  server.on('connection', () => {
    connections += 1
  })
  const { port, close } = await listen(server)
  onTestFinished(close)
  const url = `http://127.0.0.1:${port}`
  return { url, requests, connections: () => connections }
}

describe('a connection that is opened in advance', () => {
  test('serves the first request, and asks DynamoDB nothing', async () => {
    const { url, requests, connections } = await endpoint()
    const roundTrips: unknown[] = []
    const documents = documentClient({ endpoint: url }, (one) => roundTrips.push(one))
    await openConnection(documents)
    const [opening] = requests
    expect(`${opening?.method} ${opening?.url}`).toBe('GET /')
    expect(opening?.headers).not.toHaveProperty('authorization')
    expect(roundTrips).toEqual([])
    await documents.send(new GetCommand({ TableName: 'clients', Key: { pk: 'CLIENT#x' } }))
    expect([requests.length, connections()]).toEqual([2, 1])
  })

  test('fails nothing where it cannot be opened', async () => {
    const documents = documentClient({ endpoint: 'http://127.0.0.1:1' })
    await expect(openConnection(documents)).resolves.toBeUndefined()
  })
})
