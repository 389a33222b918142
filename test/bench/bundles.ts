import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { bundling } from '../../cdk/bundle.ts'
import { endpoints } from '../../cdk/endpoints.ts'
import { synthesize } from '../../cdk/local/synthesis.ts'
import { parseSettings } from '../../lib/settings/settings.ts'

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

const variables = {
  API_URL: 'https://api.example',
  TABLE_NAME: 't',
  KEY_RING_SECRET: 'k',
  MASTER_TOKEN_SECRET: 'm',
  EVENT_BUS_ARN: 'arn:aws:events:eu-central-1:000000000000:event-bus/default',
  DEAD_LETTER_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/000000000000/dead-letters',
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
    const files = [['baseline', baselineFile] as const, ...(await synthesized())]
    const times = new Map(files.map(([name]) => [name, [] as number[]]))
    for (let run = 0; run < runs; run += 1) {
      for (const [name, file] of files) times.get(name)?.push(importTime(file))
      progress(run + 1)
    }
    return files.map(([name, file]) => ({
      name,
      bytes: statSync(file).size,
      importMs: median(times.get(name) ?? []),
    }))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** The bundles as the CDK app makes them, in the order of the endpoints. */
async function synthesized() {
  const { signal } = new AbortController()
  const assembly = await synthesize({ stage: 'bench', settings: {}, signal })
  const folders = new Set(assembly.assets.values())
  const names = [...endpoints(parseSettings({})).map(({ name }) => name), 'publish-events']
  const files = [...folders].map((folder) => join(folder, 'index.mjs')).filter(exists)
  if (files.length !== names.length)
    throw new Error(`expected ${names.length} bundles, found ${files.length}`)
  return names.map((name, index) => [name, files[index] ?? ''] as const)
}

const exists = (file: string) => statSync(file, { throwIfNoEntry: false }) !== undefined

function importTime(file: string): number {
  const script = `const begin = performance.now(); await import(${JSON.stringify(`file://${file}`)}); console.log(performance.now() - begin)`
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', script],
    {
      env: { ...variables, AWS_REGION: 'eu-central-1', PATH: process.env.PATH },
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
