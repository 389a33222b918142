import { type IncomingMessage, request, type ServerResponse } from 'node:http'

type Headers = Readonly<Record<string, string>>

/** Forwards a request to a server on loopback, with these headers added. */
export function forward(
  origin: string,
  { incoming, outgoing }: { incoming: IncomingMessage; outgoing: ServerResponse },
  added: Headers = {},
): void {
  const { method, url = '/' } = incoming
  const headers = { ...incoming.headers, ...added }
  const onward = request(`${origin}${url}`, { method, headers }, (response) => {
    outgoing.writeHead(response.statusCode ?? 502, response.headers)
    response.pipe(outgoing)
  })
  onward.on('error', () => outgoing.destroy())
  incoming.pipe(onward)
}
