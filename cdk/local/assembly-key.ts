import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'

/** The input of a synthesized assembly, apart from the files of this repository. */
export type AssemblyInput = {
  /** The complete CDK context, including the stage and its settings. */
  readonly context: object
  /** A folder of extensions that replaces functions/extensions. */
  readonly extensions?: string | undefined
}

const root = join(import.meta.dirname, '../..')
const sourceFolders = ['cdk', 'functions', 'lib']
const sourceFiles = [
  'cdk.json',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  // The installed packages, which may differ from package-lock.json.
  'node_modules/.package-lock.json',
]

/** SHA-256 hash of everything that can change an assembly. Equal keys mean equal assemblies. */
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
 * Whether the key covers every source file of an assembly. Extensions may import files from
 * anywhere, so this reads the source maps, which list the files of each bundle.
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
    // Relative to cdk.out/<Lambda> (cdk/bundling/build-lambdas.ts); `bundle` stands for any Lambda.
    const paths = sources.map((source) => resolve(root, 'cdk.out/bundle', source))
    if (!paths.every((path) => covered.some((folder) => path.startsWith(folder + sep))))
      return false
  }
  return true
}
