import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** One folder for all temporary files of a test run: whatever tests, CDK and the browser leave goes with it. */
export function setup(): () => void {
  const before = process.env.TMPDIR
  const folder = mkdtempSync(join(tmpdir(), 'client-registration-tests-'))
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  const hangUp = () => process.exit(129)
  process.once('exit', remove)
  // Vitest ends in order at the other signals.
  process.once('SIGHUP', hangUp)
  process.env.TMPDIR = folder
  return () => {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
    process.removeListener('exit', remove)
    process.removeListener('SIGHUP', hangUp)
    remove()
  }
}
