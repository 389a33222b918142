import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { isPlainObject } from '../../json.ts'

/**
 * Makes the SDK marshall plain objects as maps. Its marshaller decides by each value's
 * `constructor` and takes `{ constructor: { name: 'Uint8Array' }, length: 1e9 }` for a billion
 * bytes. An object with such a member is passed as a Map, which has its own constructor.
 */
export function keepPlainObjects({ middlewareStack }: DynamoDBClient): void {
  middlewareStack.add(
    (next) => (args) =>
      next(needsMaps(args.input) ? { ...args, input: withMaps(args.input) } : args),
    { step: 'initialize', name: 'keepPlainObjects' },
  )
}

function needsMaps(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(needsMaps)
  if (!isPlainObject(value)) return false
  return Object.hasOwn(value, 'constructor') || Object.values(value).some(needsMaps)
}

function withMaps<Value>(value: Value): Value
function withMaps(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withMaps)
  if (!isPlainObject(value)) return value
  const members = Object.entries(value).map(([name, member]) => [name, withMaps(member)] as const)
  return Object.hasOwn(value, 'constructor') ? new Map(members) : Object.fromEntries(members)
}
