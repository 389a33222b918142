import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Linux's file system in memory. */
const memory = '/dev/shm'
const minFreeBytes = 1024 ** 3

/**
 * A file for a database of one run, in memory if possible: elsewhere each write waits for the disk.
 */
export function temporaryDatabase() {
  const parent = hasRoom(memory) ? memory : tmpdir()
  const folder = mkdtempSync(join(parent, 'client-registration-dynamodb-'))
  return {
    file: join(folder, 'dynamodb.sqlite'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize >= minFreeBytes
  } catch {
    return false
  }
}
