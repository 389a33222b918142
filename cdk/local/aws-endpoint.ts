import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/** Answers one operation, such as PutEvents. The input is `{}` where the request has no JSON body. */
type Respond<Input> = (operation: string, input: Input) => AwsAnswer

type AwsAnswer = { readonly status?: number; readonly body: unknown }

/** Emulates an AWS service on loopback, over the JSON 1.1 protocol. */
export async function serveAwsService<Input>(answer: Respond<Input>) {
  // All users of this machine share loopback. The random path restricts access to our Lambdas.
  const path = `/${randomBytes(16).toString('hex')}`
  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? ''
    const input = (await json(request).catch(() => ({}))) as Input
    const { status = 200, body } =
      request.url?.startsWith(path) === true
        ? answer(operation, input)
        : { status: 403, body: { __type: 'AccessDeniedException' } }
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
    response.end(JSON.stringify(body))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${path}`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
