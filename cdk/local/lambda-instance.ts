import { Worker } from 'node:worker_threads'
import type { InstanceData, InstanceMessage } from './lambda-worker.ts'

export type InstanceOptions = InstanceData & {
  readonly environment: Readonly<Record<string, string>>
  readonly log: (line: string) => void
}

/**
 * One execution environment of a Lambda. It handles one event at a time; a crash or a timeout
 * terminates it.
 */
export type LambdaInstance = {
  /** Resolves to the JSON of the handler's result; undefined when it returns nothing. */
  invoke(event: string): Promise<string | undefined>
  stop(): Promise<unknown>
  readonly alive: boolean
}

const initLimit = 10_000

/** Starts an instance: a worker thread with its own environment that imports the bundle. */
export function startInstance({ environment, log, ...data }: InstanceOptions): LambdaInstance {
  const worker = new Worker(new URL('lambda-worker.ts', import.meta.url), {
    workerData: data,
    env: { ...environment },
    resourceLimits: heapLimits(data.memorySize),
    execArgv: (environment.NODE_OPTIONS ?? '').split(' ').filter((option) => option !== ''),
    stdout: true,
    stderr: true,
  })
  const { promise: ready, resolve: isReady, reject: failed } = Promise.withResolvers<void>()
  let alive = true
  const die = (reason: string) => {
    if (!alive) return
    alive = false
    log(reason)
    failed(new Error(reason))
    current?.reject(new Error(reason))
    worker.terminate()
  }
  let current: PromiseWithResolvers<string | undefined> | undefined
  // `invoke` reports a failed start. This handler prevents an unhandled rejection before that.
  ready.catch(() => {})
  const starting = setTimeout(() => die('the instance did not start within 10 s'), initLimit)

  worker.on('message', (message: InstanceMessage) => {
    if (message.kind === 'ready') {
      clearTimeout(starting)
      isReady()
    } else if (message.kind === 'result') current?.resolve(message.json)
    else {
      log(message.error)
      current?.reject(new Error('the handler threw'))
    }
  })
  worker.on('error', (error) => die(error instanceof Error ? `${error.stack}` : String(error)))
  worker.on('exit', (code) => {
    clearTimeout(starting)
    die(`the instance exited with code ${code}`)
  })
  for (const output of [worker.stdout, worker.stderr]) forEachLine(output, log)

  return {
    async invoke(event) {
      await ready
      current = Promise.withResolvers()
      const late = setTimeout(() => die(`Task timed out after ${data.timeout} ms`), data.timeout)
      worker.postMessage(event)
      return current.promise.finally(() => clearTimeout(late))
    },
    stop() {
      alive = false
      clearTimeout(starting)
      current?.reject(new Error('stopped'))
      failed(new Error('stopped'))
      return worker.terminate()
    },
    get alive() {
      return alive
    },
  }
}

/**
 * V8 sizes its heap by the memory: here, by the Lambda's. By this machine's memory, each instance
 * would keep more than 100 MB of garbage.
 */
const heapLimits = (memorySize: number) => ({
  maxOldGenerationSizeMb: memorySize,
  maxYoungGenerationSizeMb: memorySize / 20,
})

function forEachLine(output: NodeJS.ReadableStream, log: (line: string) => void) {
  let rest = ''
  output.setEncoding('utf8')
  output.on('data', (chunk: string) => {
    const lines = `${rest}${chunk}`.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) log(line)
  })
  output.on('end', () => rest !== '' && log(rest))
}
