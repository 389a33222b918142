import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

type Entry = {
  readonly DetailType: string
  readonly Detail: string
  readonly Resources?: readonly string[]
}
type Input = {
  readonly Entries?: readonly Entry[]
  readonly MessageBody?: string
  readonly ReceiptHandle?: string
}

/** EventBridge and one queue of SQS, on loopback. */
export async function serveAws() {
  const entries: Entry[] = []
  /** Messages by their receipt handles; one that is received stays invisible. */
  const messages = new Map<string, { readonly Body: string; visible: boolean }>()
  const put = (Body: string) => messages.set(`m${messages.size}`, { Body, visible: true })

  function answer(operation: string | undefined, input: Input): unknown {
    switch (operation) {
      case 'PutEvents': {
        const { Entries = [] } = input
        entries.push(...Entries)
        return { FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: 'e' })) }
      }
      case 'SendMessage':
        put(input.MessageBody ?? '')
        return {}
      case 'ReceiveMessage': {
        const visible = [...messages].filter(([, message]) => message.visible)
        for (const [, message] of visible) message.visible = false
        return { Messages: visible.map(([ReceiptHandle, { Body }]) => ({ ReceiptHandle, Body })) }
      }
      case 'DeleteMessage':
        messages.delete(input.ReceiptHandle ?? '')
        return {}
      default:
        throw new Error(`${operation} is not served here`)
    }
  }

  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.').at(-1)
    const output = answer(operation, (await json(request)) as Input)
    response.setHeader('content-type', 'application/x-amz-json-1.1').end(JSON.stringify(output))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    put,
    /** What is published since the last look. */
    published: () =>
      entries.splice(0).map(({ DetailType, Detail, Resources }) => {
        return { type: DetailType, detail: JSON.parse(Detail), resources: Resources }
      }),
    /** Bodies of the messages that are in the queue. */
    queued: () => [...messages.values()].map(({ Body }) => Body),
    close: () => server.close(),
  }
}
