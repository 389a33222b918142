import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/**
 * Emulates Secrets Manager on loopback: the two calls that our Lambdas make, over the JSON 1.1
 * protocol.
 */
export async function serveSecrets(values: ReadonlyMap<string, string>) {
  // All users of this machine share loopback. The random path restricts access to our Lambdas.
  const path = `/${randomBytes(16).toString('hex')}`
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
      response.end(JSON.stringify(body))
    }
    const operation = String(request.headers['x-amz-target']).replace('secretsmanager.', '')
    const input = (await json(request).catch(() => ({}))) as Input
    if (request.url?.startsWith(path) !== true) return answer(403, fault('AccessDeniedException'))
    if (operation === 'GetSecretValue') {
      const found = secret(input.SecretId ?? '', values)
      return found ? answer(200, found) : answer(400, fault('ResourceNotFoundException'))
    }
    if (operation === 'BatchGetSecretValue') return answer(200, batch(input, values))
    return answer(400, fault('UnknownOperationException'))
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

type Input = { readonly SecretId?: string; readonly SecretIdList?: readonly string[] }

const notFound = "Secrets Manager can't find the specified secret."

const fault = (type: string) => ({ __type: type, message: notFound })

const created = Date.now() / 1000

function secret(id: string, values: ReadonlyMap<string, string>) {
  const value = values.get(id)
  if (value === undefined) return undefined
  return {
    ARN: id,
    Name: id.split(':').at(-1),
    VersionId: '00000000-0000-4000-8000-000000000000',
    VersionStages: ['AWSCURRENT'],
    SecretString: value,
    CreatedDate: created,
  }
}

function batch({ SecretIdList = [] }: Input, values: ReadonlyMap<string, string>) {
  return {
    SecretValues: SecretIdList.flatMap((id) => secret(id, values) ?? []),
    Errors: SecretIdList.filter((id) => !values.has(id)).map((id) => ({
      SecretId: id,
      ErrorCode: 'ResourceNotFoundException',
      Message: notFound,
    })),
  }
}
