import { serveAwsService } from '../../cdk/local/aws-endpoint.ts'

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

  function answer(operation: string, input: Input): unknown {
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

  const { url, close } = await serveAwsService<Input>((operation, input) => ({
    body: answer(operation, input),
  }))
  return {
    url,
    put,
    /** What is published since the last look. */
    published: () =>
      entries.splice(0).map(({ DetailType, Detail, Resources }) => {
        return { type: DetailType, detail: JSON.parse(Detail), resources: Resources }
      }),
    /** Bodies of the messages that are in the queue. */
    queued: () => [...messages.values()].map(({ Body }) => Body),
    close,
  }
}
