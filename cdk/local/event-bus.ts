import { randomBytes, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/** The fields of an event's envelope that this service sets, as a rule target receives them. */
export type PublishedEvent = {
  readonly source: string
  readonly 'detail-type': string
  readonly resources: readonly string[]
  readonly detail: Readonly<Record<string, unknown>>
}

/**
 * Emulates EventBridge on loopback: PutEvents over the JSON 1.1 protocol, accepting every entry.
 * Also accepts and discards messages to the dead-letter queue; the Lambda logs each of them.
 */
export async function serveEventBus(onEvent: (event: PublishedEvent) => void) {
  // All users of this machine share loopback. The random path restricts access to our Lambdas.
  const path = `/${randomBytes(16).toString('hex')}`
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
      response.end(JSON.stringify(body))
    }
    const { Entries = [] } = (await json(request).catch(() => ({}))) as Input
    if (request.url?.startsWith(path) !== true) return answer(403, { __type: 'AccessDenied' })
    for (const entry of Entries) onEvent(published(entry))
    answer(200, { FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: randomUUID() })) })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${path}`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

type Entry = {
  readonly Source: string
  readonly DetailType: string
  readonly Detail: string
  readonly Resources?: readonly string[]
}
type Input = { readonly Entries?: readonly Entry[] }

const published = ({ Source, DetailType, Detail, Resources = [] }: Entry): PublishedEvent => ({
  source: Source,
  'detail-type': DetailType,
  resources: Resources,
  detail: JSON.parse(Detail),
})
