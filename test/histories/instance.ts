import { Readable } from 'node:stream'
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { maxAttempts } from '../../lib/adapters/sdk-timeouts.ts'

/** What happens to a request on its way to DynamoDB and back. */
export type Fault =
  | 'request lost'
  | 'response lost'
  | 'throttled'
  | 'failing'
  | 'failing after it'
  | 'conflict'

/** A store that is broken on purpose: it alters requests, or responses to them. */
export type Defect = {
  readonly name: string
  /** Programs of these operations show it sooner. */
  readonly operations?: readonly string[]
  request?(target: string, body: Body): Body
  /** `attempt` is 2 for the first retry. */
  response?(request: Body, response: Body, attempt: number): Body
}

export type Body = Readonly<Record<string, unknown>>

/** A request that waits for its release. */
export type HeldRequest = {
  /** The operation of DynamoDB. */
  readonly target: string
  readonly body: Body
  /** Sends the request; resolves after its response, or what the fault makes of it, is on its way. */
  release(fault: Fault | undefined): Promise<void>
}

/** A Lambda instance, whose requests to DynamoDB wait until they are released. */
export type Instance = {
  readonly documents: DynamoDBDocumentClient
  /** Called with each request that begins to wait. */
  onRequest: (request: HeldRequest) => void
}

type Handler = DynamoDBClient['config']['requestHandler']
type HttpRequest = Parameters<Handler['handle']>[0]
type HttpResult = Awaited<ReturnType<Handler['handle']>>

/** Which faults leave the caller without knowledge of the effect. */
export const isAmbiguous = (fault: Fault): boolean => !['throttled', 'conflict'].includes(fault)

/** Retries what the SDK retries, as often, but without a pause. */
const immediately: NonNullable<DynamoDBClientConfig['retryStrategy']> = {
  acquireInitialRetryToken: async () => retryToken(0),
  async refreshRetryTokenForRetry(token, { errorType }) {
    const isRetryable = errorType === 'THROTTLING' || errorType === 'TRANSIENT'
    if (!isRetryable || token.getRetryCount() + 1 >= maxAttempts)
      throw new Error('no more attempts')
    return retryToken(token.getRetryCount() + 1)
  },
  recordSuccess() {},
}

const retryToken = (retries: number) => ({
  getRetryCount: () => retries,
  getRetryDelay: () => 0,
  getRetryCost: () => undefined,
})

export function startInstance(endpoint: string, defect?: Defect): Instance {
  const engine = new DynamoDBClient({ endpoint, requestHandler: {} }).config.requestHandler

  function hold(request: HttpRequest): Promise<HttpResult> {
    const [, target = ''] = String(request.headers['x-amz-target']).split('.')
    const body = JSON.parse(new TextDecoder().decode(request.body)) as Body
    return new Promise((resolve, reject) => {
      async function release(fault: Fault | undefined) {
        const lost = Object.assign(new Error('the connection was lost'), { code: 'ECONNRESET' })
        if (fault === 'request lost') return reject(lost)
        if (fault === 'throttled') return resolve(errorResponse(400, 'ThrottlingException'))
        if (fault === 'failing') return resolve(errorResponse(500, 'InternalServerError'))
        if (fault === 'conflict') return resolve(conflict(body))
        const result = await send(request, target, body)
        if (fault === 'response lost') return reject(lost)
        if (fault === 'failing after it') return resolve(errorResponse(500, 'InternalServerError'))
        return resolve(result)
      }
      instance.onRequest({ target, body, release })
    })
  }

  async function send(request: HttpRequest, target: string, body: Body): Promise<HttpResult> {
    if (defect?.request) {
      request.body = JSON.stringify(defect.request(target, body))
      request.headers['content-length'] = String(Buffer.byteLength(request.body))
    }
    const { response } = await engine.handle(request)
    const chunks = await (response.body as Readable).toArray()
    const text = Buffer.concat(chunks).toString()
    const altered = defect?.response
      ? JSON.stringify(defect.response(body, JSON.parse(text), attemptOf(request)))
      : text
    return {
      response: {
        ...response,
        headers: response.headers,
        body: Readable.from([Buffer.from(altered)]),
      },
    } as HttpResult
  }

  const requestHandler = {
    handle: hold,
    metadata: { handlerProtocol: 'http/1.1' },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    destroy: () => engine.destroy?.(),
  } as unknown as NonNullable<DynamoDBClientConfig['requestHandler']>
  const documents = documentClient({ endpoint, requestHandler, retryStrategy: immediately })
  const instance: Instance = { documents, onRequest: () => {} }
  return instance
}

const attemptOf = ({ headers }: HttpRequest): number =>
  Number(/attempt=(\d+)/.exec(String(headers['amz-sdk-request']))?.[1])

const errorResponse = (statusCode: number, type: string, more: object = {}): HttpResult => {
  const __type = `com.amazonaws.dynamodb.v20120810#${type}`
  const body = Readable.from([Buffer.from(JSON.stringify({ __type, message: 'a fault', ...more }))])
  const headers = { 'content-type': 'application/x-amz-json-1.0' }
  return { response: { statusCode, headers, body } } as unknown as HttpResult
}

/** Another transaction is at work on the items, or another write on the item. */
function conflict({ TransactItems }: Body): HttpResult {
  if (!Array.isArray(TransactItems)) return errorResponse(400, 'TransactionConflictException')
  const CancellationReasons = TransactItems.map((_, index) =>
    index === 0 ? { Code: 'TransactionConflict' } : { Code: 'None' },
  )
  return errorResponse(400, 'TransactionCanceledException', { CancellationReasons })
}
