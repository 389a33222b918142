import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../../cdk/local/synthesis.ts'
import { stackName } from './cdk.ts'
import type { Emulator } from './emulator.ts'
import type { TempDir } from './temp-dir.ts'

/** The commands of one section of cdk/README.md: its blocks of shell, in their order, without the indent of a step. */
export async function commandsOf(section: string): Promise<readonly string[]> {
  const page = await readFile(join(root, 'cdk/README.md'), 'utf8')
  const [, text = ''] = new RegExp(`^## ${section}$(.*?)^## `, 'ms').exec(page) ?? []
  // What the page asks to have in the shell.
  const [output = ''] = /^output\(\) \{.*?\}$/ms.exec(page) ?? []
  const blocks = [...text.matchAll(/^( *)```sh\n(.*?)^ *```$/gms)].map(
    ([, indent = '', block = '']) => block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  )
  if (output === '' || blocks.length === 0)
    throw new Error(`cdk/README.md does not say how to ${section.toLowerCase()}`)
  return blocks.map((block) => `STACK=${stackName}\n${output}\n${block}`)
}

/** Runs commands as an operator does who pastes them; resolves to what they print. */
export const paste = (
  commands: string,
  tempDir: TempDir,
  { environment }: Emulator,
): Promise<string> =>
  tempDir.succeed('bash', {
    arguments: ['-euo', 'pipefail', '-c', commands],
    environment,
    directory: root,
  })
