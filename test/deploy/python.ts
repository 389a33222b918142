import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../cdk/local/synthesis.ts'
import type { TempDir } from './temp-dir.ts'

type Environment = {
  /** Folder in the root of this project, ignored by git, and kept between runs. */
  readonly folder: `.venv-${string}`
  readonly packages: readonly string[]
}

/** The folder of the programs of Python packages; installs them where they are missing. */
export async function pythonPrograms(
  tempDir: TempDir,
  { folder, packages }: Environment,
): Promise<string> {
  const programs = join(root, folder, 'bin')
  const installed = join(root, folder, 'installed.txt')
  const wanted = packages.join('\n')
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted) return programs

  const environment = process.env
  await tempDir.succeed('python3', {
    arguments: ['-m', 'venv', '--clear', join(root, folder)],
    environment,
  })
  await tempDir.succeed(join(programs, 'pip'), {
    arguments: ['install', '--quiet', '--disable-pip-version-check', ...packages],
    environment,
  })
  writeFileSync(installed, wanted)
  return programs
}
