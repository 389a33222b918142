import { type FileHandle, mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readSecrets } from './local-secrets.ts'

export type DataFolder = {
  readonly database: string
  readonly secrets: string
  close(): Promise<void>
}

/**
 * Opens a folder that stores the secrets between runs, and the table when DynamoDB is embedded.
 * Only one service at a time may use an embedded database. Throws an Error when the folder is
 * unusable.
 */
export async function openDataFolder(folder: string, isEmbedded = true): Promise<DataFolder> {
  const database = join(folder, 'dynamodb.sqlite')
  const secrets = join(folder, 'secrets.json')
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await readSecrets(secrets)
    if (!isEmbedded) return { database, secrets, close: async () => {} }
    await checkDatabase(database)
    const { release } = await lockFolder(folder)
    return { database, secrets, close: release }
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException
    const reason = code === undefined ? message : `cannot be used (${code}); choose another folder`
    throw new Error(`--data ${folder}: ${reason}`, { cause: error })
  }
}

/**
 * The lock file names the process that uses the folder. A lock left by a process that has exited is
 * taken over.
 */
async function lockFolder(folder: string) {
  const file = join(folder, 'service.pid')
  const self = await identify(process.pid)
  const owner = await readFile(file, 'utf8').catch(() => '')
  const pid = Number.parseInt(owner, 10)
  if (owner !== '' && owner === (await identify(pid)))
    throw new Error(`in use by the process ${pid}; end it, or choose another folder`)
  await rm(file, { force: true })
  const handle = await open(file, 'wx', 0o600).catch((error) => {
    if (error.code === 'EEXIST') throw new Error('in use by a process that has just started')
    throw error
  })
  await handle.writeFile(self ?? '').finally(() => handle.close())
  return { release: () => rm(file, { force: true }) }
}

/**
 * Identifies a process by its id and, where the system reports it, its start time, because ids are
 * reused. Undefined when no such process exists.
 */
async function identify(pid: number): Promise<string | undefined> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // proc_pid_stat(5): the start time is the 20th field after the command name, which is in
  // parentheses.
  const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  return `${pid} ${started}`
}

/** Magic bytes at the start of an SQLite database. */
const sqlite = 'SQLite format 3\0'

/**
 * Creates the file if missing, readable by its owner only. The engine keeps the mode of an existing
 * file.
 */
async function checkDatabase(file: string): Promise<void> {
  const handle = await open(file, 'a+', 0o600)
  try {
    if (!(await isDatabase(handle)))
      throw new Error('dynamodb.sqlite is damaged; restore it, or remove it to begin without data')
  } finally {
    await handle.close()
  }
}

async function isDatabase(handle: FileHandle): Promise<boolean> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(sqlite.length), { position: 0 })
  return bytesRead === 0 || buffer.toString('latin1') === sqlite
}
