import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { root } from '../../cdk/local/synthesis.ts'
import type { TempDir } from '../deploy/temp-dir.ts'

/** The built suite, and its own configuration for oidc-provider. */
export type BuiltSuite = {
  readonly commit: string
  readonly jar: string
  readonly configuration: string
}

/** A library of one other specification that only Google's repository has. */
const unavailable = 'org.multipaz'

/** Builds the suite from a clone of a Git repository, once for each of its commits. */
export async function buildSuite(
  tempDir: TempDir,
  repository: string,
  progress: (step: string) => void,
): Promise<BuiltSuite> {
  const environment = process.env
  const git = (...words: readonly string[]) =>
    tempDir.succeed('git', { arguments: words, environment })
  const commit = (await git('-C', repository, 'rev-parse', 'HEAD')).trim()
  const folder = join(root, 'node_modules/.cache/conformance', commit)
  const built = {
    commit,
    jar: join(folder, 'suite.jar'),
    configuration: join(folder, 'configuration.json'),
  }
  if (existsSync(built.configuration)) return built

  const source = join(tempDir.directory, 'suite')
  await git('clone', '--quiet', '--depth', '1', `file://${repository}`, source)
  const removed = await removeUnavailable(source)
  progress(`building the suite without the ${removed} sources that need ${unavailable} (minutes)`)
  await tempDir.succeed('mvn', {
    arguments: [
      ...['--quiet', '--batch-mode', '-Dmaven.test.skip=true', 'package'],
      ...['-Dpmd.skip', '-Dcheckstyle.skip', '-Djacoco.skip'],
    ],
    environment,
    directory: source,
  })
  await mkdir(folder, { recursive: true })
  await copyFile(join(source, 'target/fapi-test-suite.jar'), built.jar)
  const configuration = '.gitlab-ci/local-provider-oidcc-conformance-config.json'
  await copyFile(join(source, configuration), built.configuration)
  return built
}

/**
 * Removes the sources that use what is unavailable, and those that use these: tests of other
 * specifications. Also removes the lint from the build. Resolves to the number of sources.
 */
async function removeUnavailable(source: string): Promise<number> {
  const main = join(source, 'src/main')
  const paths = (await readdir(main, { recursive: true }))
    .filter((path) => /\.(java|kt)$/.test(path))
    .map((path) => join(main, path))
  const names = new Map<string, ReadonlySet<string>>()
  const removed = new Set<string>()
  for (const path of paths) {
    const text = await readFile(path, 'utf8')
    names.set(path, new Set(text.replace(comments, '').match(/\b[A-Z]\w+/g)))
    if (text.includes(unavailable) || path.endsWith('.kt')) removed.add(path)
  }
  for (let size = 0; size < removed.size; ) {
    size = removed.size
    const classes = new Set([...removed].map((path) => basename(path).replace(/\.\w+$/, '')))
    for (const [path, used] of names)
      if ([...used].some((name) => classes.has(name))) removed.add(path)
  }
  for (const path of removed) await rm(path)

  const pom = join(source, 'pom.xml')
  const text = await readFile(pom, 'utf8')
  await writeFile(
    pom,
    text
      .replaceAll(/<dependency>\s*<groupId>org\.multipaz<[\s\S]*?<\/dependency>/g, '')
      .replaceAll(/<arg>-(?!-)[^<]*<\/arg>/g, '')
      .replace('<showWarnings>true', '<showWarnings>false'),
  )
  return removed.size
}

const comments = /\/\*[\s\S]*?\*\/|\/\/.*/g
