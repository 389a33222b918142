import { randomUUID } from 'node:crypto'
import { pathToFileURL } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'

/** Configuration of a Lambda instance. `memorySize` is in MB, `timeout` in milliseconds. */
export type InstanceData = {
  readonly file: string
  readonly handler: string
  readonly functionName: string
  readonly functionArn: string
  readonly memorySize: number
  readonly timeout: number
}

export type InstanceMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'result'; readonly json: string | undefined }
  | { readonly kind: 'failure'; readonly error: string }

const data: InstanceData = workerData
const module: Record<string, unknown> = await import(pathToFileURL(data.file).href)
const handler = module[data.handler]
if (typeof handler !== 'function') throw new Error(`${data.handler} is not exported`)

const post = (message: InstanceMessage) => parentPort?.postMessage(message)

parentPort?.on('message', async (event: string) => {
  try {
    const result: unknown = await handler(JSON.parse(event), context())
    post({ kind: 'result', json: JSON.stringify(result) })
  } catch (error) {
    post({ kind: 'failure', error: error instanceof Error ? `${error.stack}` : String(error) })
  }
})
post({ kind: 'ready' })

/** The context, the second argument of a handler. */
function context() {
  const deadline = Date.now() + data.timeout
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: data.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: data.functionArn,
    memoryLimitInMB: String(data.memorySize),
    awsRequestId: randomUUID(),
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  }
}
