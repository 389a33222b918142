import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../../cdk/local/synthesis.ts'
import type { TempDir } from './temp-dir.ts'

/** What is deployed before this version, until there is a tag. */
const firstVersion = '610d0fb1d331b3efa899e718373aa81c36d9b736'

/**
 * What this version replaces on purpose, by logical id, and why; to be emptied with the next tag. All else that holds
 * something stays as it is.
 */
export const replacedOnPurpose: Readonly<Record<string, string>> = {
  ServiceApiAccessLogB6BD3829: 'it moves under /aws/vendedlogs/, where it needs no resource policy',
}

export type VersionBefore = { readonly name: string; readonly directory: string }

/**
 * The version before this one, checked out beside it with its own dependencies: the last tag, or the first version.
 * Needs the whole history.
 */
export async function versionBefore(tempDir: TempDir): Promise<VersionBefore> {
  const git = (...words: readonly string[]) =>
    tempDir.run('git', { arguments: words, environment: process.env, directory: root })
  const described = await git('describe', '--tags', '--match', 'v*', '--abbrev=0', 'HEAD^')
  const name = described.code === 0 ? described.output.trim() : firstVersion
  const { code } = await git('cat-file', '-e', `${name}^{commit}`)
  if (code !== 0)
    throw new Error(
      `the version before (${name}) is not in this clone's history: fetch all of it (git fetch --unshallow --tags)`,
    )
  const directory = join(tempDir.directory, 'before')
  const archive = join(tempDir.directory, 'before.tar')
  await mkdir(directory)
  const at = { environment: process.env, directory: root }
  await tempDir.succeed('git', { ...at, arguments: ['archive', '--output', archive, name] })
  await tempDir.succeed('tar', { ...at, arguments: ['-xf', archive, '-C', directory] })
  await tempDir.succeed('npm', {
    environment: process.env,
    directory,
    arguments: ['ci', '--ignore-scripts', '--no-audit', '--no-fund'],
  })
  return { name: described.code === 0 ? name : name.slice(0, 7), directory }
}
