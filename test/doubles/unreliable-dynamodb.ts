import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listen } from '../support/loopback.ts'

/** What may go wrong with one request on the way to DynamoDB. */
export type Fault =
  /** Nothing: a later request meets the next fault. */
  | 'none'
  /** The request takes effect, its answer is lost. */
  | 'answer lost'
  /** The request does not get there, nor does an answer come. */
  | 'request lost'
  /** The request takes effect, this happens, and then its answer is lost. */
  | (() => Promise<unknown>)
  /** DynamoDB's own answer, instead of the engine's. */
  | { readonly status: number; readonly body: object }

export type UnreliableDynamodb = {
  readonly endpoint: string
  /** The next request of this operation (PutItem …, or any) meets these faults, one an attempt. */
  fail(operation: string, ...faults: readonly Fault[]): void
  /** Operations requested so far, attempts included. */
  readonly requests: readonly string[]
  close(): Promise<void>
}

/** A way to the embedded DynamoDB on which answers get lost: the store behind it is the real one. */
export async function unreliableDynamodb(engine: string): Promise<UnreliableDynamodb> {
  const faults = new Map<string, Fault[]>()
  const requests: string[] = []
  const front = createServer((request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? ''
    requests.push(operation)
    pass(request, response, nextFault(operation)).catch(() => response.destroy())
  })

  const nextFault = (operation: string) =>
    faults.get(operation)?.shift() ?? faults.get('any')?.shift()

  async function pass(
    request: IncomingMessage,
    response: ServerResponse,
    fault: Fault | undefined,
  ) {
    const body = Buffer.concat(await request.toArray())
    if (fault === 'request lost') return response.destroy()
    if (typeof fault === 'object') {
      response.writeHead(fault.status, { 'content-type': 'application/x-amz-json-1.0' })
      return response.end(JSON.stringify(fault.body))
    }
    const { host, connection, ...headers } = request.headers
    const answer = await fetch(engine, {
      method: 'POST',
      headers: headers as Record<string, string>,
      body,
    })
    const text = await answer.text()
    if (typeof fault === 'function') await fault()
    if (fault === 'answer lost' || typeof fault === 'function') return response.destroy()
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' })
    return response.end(text)
  }

  const { port, close } = await listen(front)
  return {
    endpoint: `http://127.0.0.1:${port}`,
    fail: (operation, ...planned) => faults.set(operation, [...planned]),
    requests,
    close,
  }
}

/** DynamoDB's answer to a transaction that met another one. */
export const transactionConflict: Fault = {
  status: 400,
  body: {
    __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
    message: 'Transaction cancelled, please refer cancellation reasons for specific reasons',
    CancellationReasons: [
      { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' },
      { Code: 'None' },
    ],
  },
}

/** DynamoDB's answer to a request above the table's throughput. */
export const throttled: Fault = {
  status: 400,
  body: {
    __type: 'com.amazonaws.dynamodb.v20120810#ThrottlingException',
    message: 'Rate exceeded',
  },
}
