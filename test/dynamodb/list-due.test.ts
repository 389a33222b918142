import type { QueryCommand } from '@aws-sdk/lib-dynamodb'
import { expect, onTestFinished, test } from 'vitest'
import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { listDue } from '../../lib/adapters/dynamodb/list-due.ts'
import { duePartitions } from '../../lib/adapters/dynamodb/table.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { createTable } from '../support/table.ts'

test('a list of due clients begins no query beyond its range, which DynamoDB rejects', async () => {
  const documents = documentClient({ endpoint: embeddedDynamodb })
  onTestFinished(() => documents.destroy())
  const begun: (number | undefined)[] = []
  documents.middlewareStack.add(
    (next) => (args) => {
      const { ExclusiveStartKey: start } = args.input as QueryCommand['input']
      if ('KeyConditionExpression' in args.input) begun.push(start?.due_at)
      return next(args)
    },
    { step: 'initialize' },
  )
  const TableName = await createTable(embeddedDynamodb)
  const list = (from: string) => listDue(documents, TableName, 'DUE', 1_800_000_000, 10, from)
  expect((await list('1700000000#one')).clients).toEqual([])
  expect(begun).toContain(1_700_000_000)
  const all = begun.length
  begun.length = 0
  expect((await list('1900000000#one')).clients).toEqual([])
  expect(begun).toEqual(Array.from({ length: all - 1 }, () => undefined))
  expect(all).toBeLessThanOrEqual(duePartitions('DUE').length)
})
