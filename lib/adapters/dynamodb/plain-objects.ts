import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { isPlainObject } from '../../json.ts'

/**
 * Keeps objects what they are. The SDK's marshaller asks each value's `constructor` what it is, and takes
 * `{ constructor: { name: 'Uint8Array' }, length: 1e9 }` for a billion bytes: an object with such a member goes in as a
 * Map, which has a constructor of its own.
 */
export function keepPlainObjects({ middlewareStack }: DynamoDBClient): void {
  middlewareStack.add((next) => (args) => next({ ...args, input: withMaps(args.input) }), {
    step: 'initialize',
    name: 'keepPlainObjects',
  })
}

function withMaps<Value>(value: Value): Value
function withMaps(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withMaps)
  if (!isPlainObject(value)) return value
  const members = Object.entries(value).map(([name, member]) => [name, withMaps(member)] as const)
  return Object.hasOwn(value, 'constructor') ? new Map(members) : Object.fromEntries(members)
}
