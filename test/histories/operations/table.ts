import type { Operation } from '../operation.ts'
import { disable, discard, enable, get, reissue, revive } from './administer.ts'
import { authenticate } from './authenticate.ts'
import { approve, reject } from './decide.ts'
import { approveDeferred, cancel, defer, poll, rejectDeferred } from './deferred.ts'
import { remove } from './delete.ts'
import { findRegistration } from './find-registration.ts'
import { inspect, issue, revoke } from './initial-access-tokens.ts'
import { listDeleted, night } from './night.ts'
import { read } from './read.ts'
import { register } from './register.ts'
import { renew, renewByOperator } from './renew.ts'
import { report, reportNothing } from './report.ts'
import { share } from './share.ts'
import { update } from './update.ts'

const operations: readonly Operation<unknown>[] = [
  register,
  read,
  update,
  remove,
  disable,
  enable,
  get,
  reissue,
  discard,
  issue,
  revoke,
  inspect,
  findRegistration,
  report,
  reportNothing,
  night,
  revive,
  authenticate,
  listDeleted,
  share,
  approve,
  reject,
  defer,
  poll,
  cancel,
  approveDeferred,
  rejectDeferred,
  renew,
  renewByOperator,
]

export const operationNames: readonly string[] = operations.map(({ name }) => name)

export function operationOf(name: string): Operation<unknown> {
  const operation = operations.find((one) => one.name === name)
  if (operation === undefined) throw new Error(`no operation is named ${name}`)
  return operation
}
