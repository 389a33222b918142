import type { Operation } from '../operation.ts'
import { disable, discard, enable, get, reissue } from './administer.ts'
import { remove } from './delete.ts'
import { findRegistration } from './find-registration.ts'
import { inspect, issue, revoke } from './initial-access-tokens.ts'
import { read } from './read.ts'
import { register } from './register.ts'
import { update } from './update.ts'

/** How often an operation is chosen, beside the others; 0 for those that only end a history. */
const weights = new Map<Operation<unknown>, number>([
  [register, 4],
  [read, 6],
  [update, 5],
  [remove, 2],
  [disable, 2],
  [enable, 2],
  [get, 1],
  [reissue, 1],
  [discard, 1],
  [issue, 1],
  [revoke, 1],
  [inspect, 1],
  [findRegistration, 0],
])

export const chosen = [...weights].map(([{ name }, weight]) => ({ name, weight }))

export function operationOf(name: string): Operation<unknown> {
  const operation = [...weights.keys()].find((one) => one.name === name)
  if (operation === undefined) throw new Error(`no operation is named ${name}`)
  return operation
}
