import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pythonPrograms } from '../deploy/python.ts'
import type { TempDir } from '../deploy/temp-dir.ts'

/** The Python with the Python libraries, and the class path of the Java library. */
export type Programs = { readonly python: string; readonly classpath: string }

const requirements = (folder: string): readonly string[] =>
  readFileSync(join(import.meta.dirname, folder, 'requirements.txt'), 'utf8')
    .trim()
    .split('\n')

/** Installs the libraries that are not of npm, where they are missing. */
export async function installPrograms(tempDir: TempDir): Promise<Programs> {
  const packages = ['mcp-python', 'authlib'].flatMap(requirements)
  const programs = await pythonPrograms(tempDir, { folder: '.venv-clients', packages })
  return { python: join(programs, 'python'), classpath: await classpath(tempDir) }
}

async function classpath(tempDir: TempDir): Promise<string> {
  const file = join(tempDir.directory, 'classpath')
  await tempDir.succeed('mvn', {
    arguments: [
      ...['--quiet', '--batch-mode', '--file', join(import.meta.dirname, 'nimbus/pom.xml')],
      ...['dependency:build-classpath', `-Dmdep.outputFile=${file}`],
    ],
    environment: process.env,
  })
  return readFile(file, 'utf8')
}
