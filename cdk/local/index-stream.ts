import { DatabaseSync } from 'node:sqlite'

/** Changes that the stream keeps. DynamoDB keeps those of 24 hours. */
const retained = 50_000

/**
 * Adds an index and a limit to the stream records in dynoxide's database. Dynoxide 1.2 has neither:
 * it scans all records of a table for each write and each read, so that both become slower with
 * every change.
 */
export function indexStream(file: string): void {
  const database = new DatabaseSync(file, { timeout: 5_000 })
  try {
    database.exec(`
      CREATE INDEX IF NOT EXISTS stream_sequence
        ON _stream_records (table_name, CAST(sequence_number AS INTEGER));
      CREATE TRIGGER IF NOT EXISTS stream_retention AFTER INSERT ON _stream_records
        BEGIN DELETE FROM _stream_records WHERE id <= NEW.id - ${retained}; END`)
  } finally {
    database.close()
  }
}
