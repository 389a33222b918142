import { rmSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AssemblyInput, assemblyKey, isCoveredByKey } from './assembly-key.ts'

/** Deleted by `npm ci`. */
const cacheFolder = join(
  import.meta.dirname,
  '../../node_modules/.cache/client-registration-assemblies',
)
const maxAssemblies = 40
const maxAgeMs = 7 * 24 * 3_600_000
/**
 * Interval at which a process touches the assembly it uses. An assembly that may be in use is never
 * removed.
 */
const renewalMs = 3_600_000

/** Folder of the assembly for this input, from the cache or newly synthesized. */
export async function cachedAssembly(
  input: AssemblyInput,
  synthesize: (directory: string) => Promise<void>,
  cache = cacheFolder,
): Promise<string> {
  const key = await assemblyKey(input)
  const cached = join(cache, key)
  if (await renew(cached)) return keepRenewing(cached)

  const written = await emptyFolder(cache)
  try {
    await synthesize(written)
    // A source file that changed during synthesis may or may not be in the assembly.
    const isReusable = (await isCoveredByKey(written, input)) && (await assemblyKey(input)) === key
    return keepRenewing(isReusable ? await publish(written, cached) : onlyForThisProcess(written))
  } catch (error) {
    await rm(written, { recursive: true, force: true })
    throw error
  } finally {
    await removeUnused(cache)
  }
}

/**
 * A new folder next to the cached assemblies, or in the system's temporary folder when the cache is
 * not writable.
 */
async function emptyFolder(cache: string): Promise<string> {
  try {
    await mkdir(cache, { recursive: true })
    return await mkdtemp(join(cache, 'unfinished-'))
  } catch {
    return mkdtemp(join(tmpdir(), 'client-registration-'))
  }
}

/**
 * The rename is atomic: other processes see the complete assembly or none. If another process was
 * first, its assembly is identical.
 */
async function publish(written: string, cached: string): Promise<string> {
  try {
    await rename(written, cached)
    return cached
  } catch {
    if (!(await renew(cached))) return onlyForThisProcess(written)
    await rm(written, { recursive: true, force: true })
    return cached
  }
}

function onlyForThisProcess(folder: string): string {
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Marks an assembly as used now. Resolves to false when it does not exist. */
async function renew(folder: string): Promise<boolean> {
  const now = new Date()
  return utimes(folder, now, now).then(
    () => true,
    () => false,
  )
}

function keepRenewing(folder: string): string {
  setInterval(() => renew(folder), renewalMs).unref()
  return folder
}

/** Removes assemblies over the age limit, then the oldest over the count limit. */
async function removeUnused(cache: string): Promise<void> {
  const names = await readdir(cache).catch(() => [])
  const found = await Promise.all(
    names.map(async (name) => {
      const folder = join(cache, name)
      const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: 0 }))
      return { folder, unusedMs: Date.now() - mtimeMs }
    }),
  )
  const unused = found
    .sort((one, other) => one.unusedMs - other.unusedMs)
    .filter(({ unusedMs }, index) => unusedMs > maxAgeMs || index >= maxAssemblies)
    .filter(({ unusedMs }) => unusedMs > 2 * renewalMs)
  await Promise.all(unused.map(({ folder }) => rm(folder, { recursive: true, force: true })))
}
