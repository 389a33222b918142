import { setTimeout as sleep } from 'node:timers/promises'
import { details } from '../../lib/events/registry-event.ts'
import type { Account } from './account.ts'
import { expected } from './report.ts'

/** An event as a subscriber is sent it. */
type Delivered = {
  readonly source: string
  readonly 'detail-type': keyof typeof details
  readonly resources: readonly string[]
  readonly detail: Readonly<Record<string, unknown>>
}

type Messages = {
  readonly Messages?: readonly { readonly Body: string; readonly ReceiptHandle: string }[]
}

/** Somebody who subscribes to the service's events: a rule of EventBridge that leads to a queue. */
export async function subscribe(aws: Account): Promise<{ next(): Promise<readonly Delivered[]> }> {
  const named = ['--queue-name', 'subscriber']
  const { QueueUrl } = (await aws('sqs', 'create-queue', ...named)) as { readonly QueueUrl: string }
  const ofQueue = ['--queue-url', QueueUrl]
  const { Attributes } = (await aws(
    ...['sqs', 'get-queue-attributes', ...ofQueue, '--attribute-names', 'QueueArn'],
  )) as { readonly Attributes: { readonly QueueArn: string } }
  const pattern = JSON.stringify({ source: ['client-registration'] })
  await aws('events', 'put-rule', '--name', 'subscriber', '--event-pattern', pattern)
  await aws(
    ...['events', 'put-targets', '--rule', 'subscriber'],
    ...['--targets', `Id=queue,Arn=${Attributes.QueueArn}`],
  )
  return {
    async next() {
      const { Messages = [] } = ((await aws(
        ...['sqs', 'receive-message', ...ofQueue, '--max-number-of-messages', '10'],
      )) ?? {}) as Messages
      for (const { ReceiptHandle } of Messages)
        await aws('sqs', 'delete-message', ...ofQueue, '--receipt-handle', ReceiptHandle)
      return Messages.map(({ Body }) => JSON.parse(Body))
    },
  }
}

/** The life of the client and of the tokens of the walk, as the subscriber receives it. */
export async function delivered(
  { next }: Awaited<ReturnType<typeof subscribe>>,
  client_id: string,
  tableArn: string,
): Promise<void> {
  const events: Delivered[] = []
  const about = () => events.filter(({ detail }) => detail.client_id === client_id)
  const deadline = Date.now() + 60_000
  while (!about().some((event) => event['detail-type'] === 'client.deleted')) {
    if (Date.now() > deadline) throw new Error(`not all came: ${JSON.stringify(events)}`)
    events.push(...(await next()))
    await sleep(500)
  }
  // EventBridge keeps no order: the sequence does.
  const life = about().sort((a, b) => Number(a.detail.sequence) - Number(b.detail.sequence))
  expected(
    'a subscriber receives every event of the client, in its order by sequence',
    life.map((event) => [event['detail-type'], event.detail.changed]),
    [
      ['client.registered', undefined],
      ['client.updated', ['client_name']],
      ['client.disabled', ['disabled_at']],
      ['client.enabled', ['disabled_at']],
      ['client.deleted', undefined],
    ],
  )
  const types = new Set<string>(events.map((event) => event['detail-type']))
  expected(
    'and that of its initial access token',
    ['initial_access_token.issued', 'initial_access_token.consumed'].filter(
      (type) => !types.has(type),
    ),
    [],
  )
  const ids = new Set(events.map(({ detail }) => detail.id))
  expected('each event has an idempotency key of its own', ids.size, events.length)
  expected(
    'each says which table it is about',
    events.every(({ resources }) => resources.join() === tableArn),
    true,
  )
  const schemas = events.filter((event) => !(event['detail-type'] in details))
  expected('each is of a documented type', schemas, [])
}
