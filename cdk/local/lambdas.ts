import type { Integration } from './http-api.ts'
import type { References } from './intrinsics.ts'
import { type LambdaFunction, lambdaFunction } from './lambda-function.ts'
import { instanceOptions, ofType } from './stack.ts'
import type { Assembly } from './synthesis.ts'

/** Starts all Lambdas of a synthesized stack. `extraEnvironment` is added to each environment. */
export function startLambdas(
  assembly: Assembly,
  references: References,
  log: (line: string) => void,
  extraEnvironment: Readonly<Record<string, string>>,
) {
  const lambdas = new Map<string, LambdaFunction>()
  for (const [id, resource] of ofType(assembly, 'AWS::Lambda::Function')) {
    const name = references.get(id) ?? id
    const options = instanceOptions(resource, assembly, references, name, extraEnvironment)
    lambdas.set(id, lambdaFunction({ ...options, log }))
  }
  return {
    /** The integration of each route key, given the logical id of its Lambda. */
    integrations(routes: ReadonlyMap<string, string>): ReadonlyMap<string, Integration> {
      return new Map(
        [...routes].map(([routeKey, id]) => {
          const lambda = lambdas.get(id)
          if (lambda === undefined) throw new Error(`${routeKey} leads to no Lambda`)
          return [routeKey, lambda.invoke]
        }),
      )
    },
    /** Invokes the Lambda with this logical id. */
    invoke(id: string, event: unknown): Promise<unknown> {
      const lambda = lambdas.get(id)
      return lambda?.invoke(event) ?? Promise.reject(new Error(`there is no Lambda ${id}`))
    },
    async stop() {
      await Promise.all([...lambdas.values()].map((lambda) => lambda.stop()))
    },
  }
}
