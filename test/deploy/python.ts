import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../cdk/local/synthesis.ts'
import type { TempDir } from './temp-dir.ts'

const packages = ['ministack==1.5.33', 'cfn-lint==1.58.0', 'awscli==1.46.3']

/** Ignored by git, and kept between runs. */
const folder = join(root, '.venv-deploy')

/** The folder of the Python programs that this test needs; installs them where they are missing. */
export async function pythonPrograms(tempDir: TempDir): Promise<string> {
  const programs = join(folder, 'bin')
  const installed = join(folder, 'installed.txt')
  const wanted = packages.join('\n')
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted) return programs

  const environment = process.env
  await tempDir.succeed('python3', {
    arguments: ['-m', 'venv', '--clear', folder],
    environment,
  })
  await tempDir.succeed(join(programs, 'pip'), {
    arguments: ['install', '--quiet', '--disable-pip-version-check', ...packages],
    environment,
  })
  writeFileSync(installed, wanted)
  return programs
}
