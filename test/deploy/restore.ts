import type { Call } from './api.ts'
import type { Emulator } from './emulator.ts'
import { commandsOf, paste } from './readme.ts'
import { expected } from './report.ts'
import { register, registered } from './smoke-test.ts'
import type { TempDir } from './temp-dir.ts'

/** A client that is deleted, and put back from a backup by the commands of cdk/README.md. */
export async function restore(
  call: Call,
  masterToken: string,
  tempDir: TempDir,
  emulator: Emulator,
): Promise<void> {
  const { client_id, path, token, secret } = await register(call, masterToken)
  const [beside = '', back = ''] = await commandsOf('Restore')
  // The emulator restores what is there now: so the client is deleted afterwards.
  const latest = beside.replace(/--restore-date-time \S+/, '--use-latest-restorable-time')
  await paste(latest, tempDir, emulator)
  const deleted = await call('DELETE', path, token)
  expected('a client deletes itself, which is not in the backup', deleted.status, 204)
  // A new shell: what the block before set is set again.
  const given = back.replace('npm run', 'TABLE=$(output TableName)\nnpm run')
  const printed = await paste(given.replace('CLIENT_ID', client_id), tempDir, emulator)
  expected('the command says that it is back', printed.includes(`restored ${client_id}`), true)
  const read = await call('GET', path, token)
  expected(
    'it is read by its own token, with its own secret',
    [read.status, registered(read).secret],
    [200, secret],
  )
  const ended = await call('DELETE', path, registered(read).token)
  expected('and can be deleted again', ended.status, 204)
}
