import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'

/** What a synthesized assembly depends on, apart from the files of this repository. */
export type AssemblyInput = {
  /** The whole CDK context, with the stage and its settings. */
  readonly context: object
  /** A folder of extensions in place of functions/extensions. */
  readonly extensions?: string | undefined
}

const root = join(import.meta.dirname, '../..')
const sourceFolders = ['cdk', 'functions', 'lib']
const sourceFiles = [
  'cdk.json',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  // What npm has really installed, which may differ from the lock.
  'node_modules/.package-lock.json',
]

/** A hash of everything that may change an assembly: the same key stands for the same assembly. */
export async function assemblyKey({ context, extensions }: AssemblyInput): Promise<string> {
  const folders = sourceFolders.map((folder) => join(root, folder))
  if (extensions !== undefined) folders.push(resolve(root, extensions))
  const listed = await Promise.all(folders.map(filesIn))
  const files = [...sourceFiles.map((file) => join(root, file)), ...listed.flat().sort()]
  const digests = await Promise.all(files.map(async (file) => [file, await digest(file)]))
  const input = JSON.stringify([process.version, context, digests])
  return createHash('sha256').update(input).digest('hex')
}

async function digest(file: string): Promise<string> {
  const content = await readFile(file).catch(() => '')
  return createHash('sha256').update(content).digest('base64')
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.flatMap((entry) => (entry.isFile() ? join(entry.parentPath, entry.name) : []))
}

/**
 * Whether all code of an assembly is in the files that its key stands for: extensions may import a file from anywhere.
 * Source maps list the files of each bundle.
 */
export async function isCoveredByKey(
  assembly: string,
  { extensions }: AssemblyInput,
): Promise<boolean> {
  const covered = [...sourceFolders, 'node_modules'].map((folder) => join(root, folder))
  if (extensions !== undefined) covered.push(resolve(root, extensions))
  for (const file of await filesIn(assembly)) {
    if (!file.endsWith('.map')) continue
    const { sources }: { sources: string[] } = JSON.parse(await readFile(file, 'utf8'))
    // Relative to the folder that cdk/bundling/bundle.ts names as that of the bundle.
    const paths = sources.map((source) => resolve(root, 'cdk.out/bundle', source))
    if (!paths.every((path) => covered.some((folder) => path.startsWith(folder + sep))))
      return false
  }
  return true
}
