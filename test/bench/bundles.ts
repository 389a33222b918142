import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { bundling } from '../../cdk/bundling/esbuild.ts'
import { instanceOptions, ofType, references } from '../../cdk/local/stack.ts'
import { synthesize } from '../../cdk/local/synthesis.ts'

export type Bundle = {
  readonly name: string
  readonly bytes: number
  /** Milliseconds its import takes in a fresh process, the median of all runs. */
  readonly importMs: number
}

/** What nobody who uses the document client and middy can be faster than. */
const baseline = `
  import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
  import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
  import middy from '@middy/core'
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}))
  export const handler = middy().handler(() => documents.send(new GetCommand({})))`

/** A bundle as it is deployed: its file, and the environment that its Lambda starts with. */
type Deployed = {
  readonly name: string
  readonly file: string
  readonly environment: Readonly<Record<string, string>>
}

/** Bytes and import time of every synthesized bundle, beside the baseline's: alternating fresh processes. */
export async function measureBundles(
  runs: number,
  progress: (done: number) => void,
): Promise<Bundle[]> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-'))
  try {
    const baselineFile = join(directory, 'baseline.mjs')
    buildSync({
      ...bundling,
      stdin: { contents: baseline, resolveDir: join(import.meta.dirname, '../..'), loader: 'ts' },
      outfile: baselineFile,
    })
    const deployed = await synthesized()
    const environment = deployed[0]?.environment ?? {}
    const all: readonly Deployed[] = [
      { name: 'baseline', file: baselineFile, environment },
      ...deployed,
    ]
    const times = new Map(all.map(({ name }) => [name, [] as number[]]))
    for (let run = 0; run < runs; run += 1) {
      for (const one of all) times.get(one.name)?.push(importTime(one))
      progress(run + 1)
    }
    return all.map(({ name, file }) => ({
      name,
      bytes: statSync(file).size,
      importMs: median(times.get(name) ?? []),
    }))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** The bundles of every Lambda as the CDK app makes them, with its environment. */
async function synthesized(): Promise<readonly Deployed[]> {
  const { signal } = new AbortController()
  const assembly = await synthesize({ stage: 'bench', settings: {}, signal })
  const known = references(assembly, { url: 'https://api.example', suffix: '' })
  return ofType(assembly, 'AWS::Lambda::Function').map(([id, resource]) => {
    const { file, environment } = instanceOptions(resource, assembly, known, id, {})
    return { name: id.replace(/^Service|[0-9A-F]{8}$/g, ''), file, environment }
  })
}

function importTime({ file, environment }: Deployed): number {
  // What a start begins without awaiting it, such as the reading of secrets, is no part of it.
  const script = `const begin = performance.now(); await import(${JSON.stringify(`file://${file}`)}); console.log(performance.now() - begin); process.exit()`
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', script],
    {
      env: { AWS_REGION: 'eu-central-1', ...environment, PATH: process.env.PATH },
      encoding: 'utf8',
    },
  )
  if (status !== 0) throw new Error(`a bundle cannot be imported: ${stderr}`)
  return Number(stdout)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
