import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '../..')

/** What a command printed, and how it ended. */
export type Ended = { readonly code: number; readonly output: string }

export const run = (
  program: string,
  words: readonly string[],
  cwd: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<Ended> =>
  new Promise((resolve) => {
    const env = { ...process.env, ...environment }
    execFile(program, words, { cwd, env, maxBuffer: 1e8 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr }),
    )
  })

/** Runs a command that must succeed; resolves to what it printed. */
export async function succeed(...command: Parameters<typeof run>): Promise<string> {
  const { code, output } = await run(...command)
  if (code === 0) return output
  throw new Error(`${command[0]} ${command[1].join(' ')}\n${output}`)
}

/** Packs this checkout, and resolves to the path of the file. */
export async function pack(folder: string): Promise<string> {
  await succeed('npm', ['pack', '--pack-destination', folder], root)
  const packed = (await readdir(folder)).find((name) => name.endsWith('.tgz'))
  if (packed === undefined) throw new Error('npm pack left no file')
  return join(folder, packed)
}

/**
 * An app outside the checkout, as in the README: an empty folder into which the packed package and
 * its peers are installed. Resolves to the folder.
 */
export async function installedApp(parent: string, packed: string): Promise<string> {
  const { devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const folder = await mkdtemp(join(parent, 'app-'))
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
  const peers = ['aws-cdk-lib', 'constructs'].map((name) => `${name}@${devDependencies[name]}`)
  const options = ['--no-audit', '--no-fund', '--prefer-offline']
  await succeed('npm', ['install', ...options, packed, ...peers], folder)
  await writeFile(join(folder, 'app.ts'), await readmeApp())
  return folder
}

/** The lines of app.ts in the README. */
async function readmeApp(): Promise<string> {
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  const [, lines] = /```ts\n(\/\/ app\.ts\n.*?)```/s.exec(readme) ?? []
  if (lines === undefined) throw new Error('the README has no app.ts')
  return lines
}

/** Makes a package of the checkout's own available to the app, as if it were installed there. */
export async function lend(folder: string, name: string): Promise<void> {
  const target = join(folder, 'node_modules', name)
  await mkdir(join(target, '..'), { recursive: true })
  await cp(join(root, 'node_modules', name), target, { recursive: true })
}
