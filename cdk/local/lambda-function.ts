import { availableParallelism } from 'node:os'
import { IntegrationTimeout } from './http-api.ts'
import { type InstanceOptions, type LambdaInstance, startInstance } from './lambda-instance.ts'

/** A Lambda with a limited number of concurrent instances. Further events wait for a free one. */
export type LambdaFunction = {
  invoke(event: unknown): Promise<unknown>
  stop(): Promise<void>
}

// More instances than processors only compile the same code again.
const maxInstances = Math.min(4, Math.max(2, availableParallelism()))
const integrationLimit = 30_000
const answerLimit = 6 * 1024 * 1024

/** Emulates a Lambda. Instances start on demand and are reused. */
export function lambdaFunction(options: InstanceOptions): LambdaFunction {
  const instances = new Set<LambdaInstance>()
  const idle: LambdaInstance[] = []
  const waiting: ((instance: LambdaInstance) => void)[] = []

  function start(): LambdaInstance {
    const instance = startInstance(options)
    instances.add(instance)
    return instance
  }

  function acquire(): LambdaInstance | Promise<LambdaInstance> {
    const free = idle.pop()
    if (free?.alive) return free
    if (free !== undefined) instances.delete(free)
    if (instances.size < maxInstances) return start()
    return new Promise((resolve) => waiting.push(resolve))
  }

  function release(instance: LambdaInstance) {
    if (!instance.alive) instances.delete(instance)
    const next = waiting.shift()
    if (next !== undefined) next(instance.alive ? instance : start())
    else if (instance.alive) idle.push(instance)
  }

  async function run(event: string): Promise<unknown> {
    const instance = await acquire()
    try {
      const json = await instance.invoke(event)
      if (json !== undefined && Buffer.byteLength(json) > answerLimit) {
        throw new Error('the answer is larger than 6 MB')
      }
      return json === undefined ? undefined : JSON.parse(json)
    } finally {
      release(instance)
    }
  }

  return {
    invoke: (event) => withinLimit(run(JSON.stringify(event))),
    async stop() {
      waiting.length = 0
      await Promise.all([...instances].map((instance) => instance.stop()))
    },
  }
}

async function withinLimit<Result>(work: Promise<Result>): Promise<Result> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new IntegrationTimeout()), integrationLimit)
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer))
}
