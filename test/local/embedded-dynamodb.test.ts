import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type EmbeddedDynamodb, startDynamodb } from '../../cdk/local/embedded-dynamodb.ts'

const { signal } = new AbortController()

describe('the embedded DynamoDB', () => {
  const folder = mkdtempSync(join(tmpdir(), 'embedded dynamodb '))
  const file = join(folder, 'dynamodb.sqlite')
  let dynamodb: EmbeddedDynamodb
  let database: DatabaseSync
  beforeAll(async () => {
    dynamodb = await startDynamodb(file, signal)
    database = new DatabaseSync(file)
  })
  afterAll(async () => {
    database.close()
    await dynamodb.close()
    rmSync(folder, { recursive: true })
  })

  test.each([
    // The engine's own queries, for each write and each read of the stream.
    'SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1 FROM _stream_records WHERE table_name = ?1',
    `SELECT event_name FROM _stream_records
     WHERE table_name = ?1 AND shard_id = ?2 AND CAST(sequence_number AS INTEGER) > ?3
     ORDER BY CAST(sequence_number AS INTEGER) ASC LIMIT ?4`,
  ])('finds the stream records of a table without a scan: %s', (query) => {
    const [plan, ...rest] = database.prepare(`EXPLAIN QUERY PLAN ${query}`).all()
    expect(plan?.detail).toMatch(/^SEARCH _stream_records USING (COVERING )?INDEX stream_sequence/)
    expect(rest).toEqual([])
  })

  test('keeps the last 50,000 changes of its stream', () => {
    database.exec(`
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50010)
      INSERT INTO _stream_records
        (table_name, event_name, keys_json, sequence_number, shard_id, created_at)
        SELECT 'table', 'INSERT', '{}', i, 'shard', 0 FROM n`)
    const kept = database.prepare(
      'SELECT COUNT(*) AS count, MIN(CAST(sequence_number AS INTEGER)) AS first FROM _stream_records',
    )
    expect(kept.get()).toEqual({ count: 50_000, first: 11 })
  })

  test('leaves no file behind when it stores data for one run only', async () => {
    const folders = () =>
      [tmpdir(), '/dev/shm'].flatMap((parent) =>
        readdirSync(parent).filter((name) => name.startsWith('client-registration-dynamodb-')),
      )
    const others = folders()
    const other = await startDynamodb(undefined, signal)
    const answer = await fetch(other.endpoint, { method: 'POST' })
    expect(answer.status).toBeLessThan(500)
    expect(folders().filter((name) => !others.includes(name))).toEqual([])
    await other.close()
  })
})
