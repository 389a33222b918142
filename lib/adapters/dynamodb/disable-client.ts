import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { generateWriteId } from '../../client.ts'
import type { DisableOutcome } from '../../ports/disable-job-store.ts'
import type { Item } from './client-item.ts'
import { isConditionFailed, returnCurrentItem, sendConditional } from './request.ts'
import { clientKey } from './table.ts'

/**
 * A job writes each client once, and leaves a mark in its set `disabling_jobs`, which nobody
 * removes: the id of the job that disabled it, `-<id>` of one that passed it over, and `+<id>` of
 * one whose undo enabled it. `disabled_by_job` goes with the next enabling or disabling.
 */
const passedMark = (id: string) => `-${id}`
const undoneMark = (id: string) => `+${id}`

const isUnmarked =
  'attribute_exists(pk) AND NOT contains(disabling_jobs, :id) AND NOT contains(disabling_jobs, :passed)'

/** Disables a client that is enabled, unless the job has disabled it or passed over it before. */
export async function disableForJob(
  documents: DynamoDBDocumentClient,
  TableName: string,
  id: string,
  client_id: string,
  now: number,
): Promise<DisableOutcome> {
  const command = new UpdateCommand({
    TableName,
    Key: clientKey(client_id),
    ConditionExpression: `attribute_not_exists(disabled_at) AND ${isUnmarked}`,
    UpdateExpression:
      'SET disabled_at = :now, disabled_by_job = :id, write_id = :write_id ADD #sequence :one, disabling_jobs :mark',
    ExpressionAttributeNames: { '#sequence': 'sequence' },
    ExpressionAttributeValues: {
      ':now': now,
      ':id': id,
      ':passed': passedMark(id),
      ':write_id': generateWriteId(),
      ':one': 1,
      ':mark': new Set([id]),
    },
    ...returnCurrentItem,
  })
  const written = await sendConditional(() => documents.send(command))
  if (!isConditionFailed(written)) return 'disabled'
  return outcomeOf(written.currentItem, id) ?? passOverForJob(documents, TableName, id, client_id)
}

/**
 * Marks a client as passed over. The mark is not the client's: it changes neither its version nor
 * its sequence, and no event is published.
 */
export async function passOverForJob(
  documents: DynamoDBDocumentClient,
  TableName: string,
  id: string,
  client_id: string,
): Promise<DisableOutcome> {
  const command = new UpdateCommand({
    TableName,
    Key: clientKey(client_id),
    ConditionExpression: isUnmarked,
    UpdateExpression: 'ADD disabling_jobs :mark',
    ExpressionAttributeValues: {
      ':id': id,
      ':passed': passedMark(id),
      ':mark': new Set([passedMark(id)]),
    },
    ReturnValues: 'ALL_NEW',
    ...returnCurrentItem,
  })
  const written = await sendConditional(() => documents.send(command))
  const item = isConditionFailed(written) ? written.currentItem : written.Attributes
  return outcomeOf(item, id) ?? 'skipped'
}

/** Enables a client that is disabled by this job. A repetition finds its own mark. */
export async function enableForJob(
  documents: DynamoDBDocumentClient,
  TableName: string,
  id: string,
  client_id: string,
): Promise<'enabled' | 'untouched'> {
  const command = new UpdateCommand({
    TableName,
    Key: clientKey(client_id),
    ConditionExpression: 'disabled_by_job = :id',
    UpdateExpression:
      'SET write_id = :write_id REMOVE disabled_at, disabled_by_job ADD #sequence :one, disabling_jobs :mark',
    ExpressionAttributeNames: { '#sequence': 'sequence' },
    ExpressionAttributeValues: {
      ':id': id,
      ':write_id': generateWriteId(),
      ':one': 1,
      ':mark': new Set([undoneMark(id)]),
    },
    ...returnCurrentItem,
  })
  const written = await sendConditional(() => documents.send(command))
  const isEnabled = !isConditionFailed(written) || hasMark(written.currentItem, undoneMark(id))
  return isEnabled ? 'enabled' : 'untouched'
}

/** Whether the job disabled the client at some time. */
export const isDisabledBy = (item: Item | undefined, id: string): boolean => hasMark(item, id)

const hasMark = (item: Item | undefined, mark: string): boolean =>
  item?.disabling_jobs instanceof Set && item.disabling_jobs.has(mark)

/** Undefined if the job has left no mark yet. */
function outcomeOf(item: Item | undefined, id: string): DisableOutcome | undefined {
  if (item === undefined) return 'deleted'
  if (hasMark(item, id)) return 'disabled'
  if (!hasMark(item, passedMark(id))) return undefined
  return item.disabled_at === undefined ? 'skipped' : 'already_disabled'
}
