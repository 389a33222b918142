import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Service, startService } from '../../../cdk/local/service.ts'
import type { SettingsInput } from '../../../lib/settings/settings.ts'
import { pythonPrograms } from '../../deploy/python.ts'
import { TempDir } from '../../deploy/temp-dir.ts'

const help = `npm run fuzz:http [-- options]

Serves the stages below on loopback, and sends each what schemathesis generates from its OpenAPI document, with all
checks. Needs python3 with venv; installs schemathesis into .venv-fuzz, once. Exits 1 on a finding that is not
explained. See test/fuzz/README.md.

  --examples N  requests that are generated for each operation; 50 unless given
  --seed N      repeats a run; random unless given`

const { values: options } = parseArgs({
  options: {
    examples: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    help: { type: 'boolean', default: false },
  },
})

const packages = ['schemathesis==4.32.5']

/** What is sent to a stage depends on its document, and the document on its settings. */
const stages: Readonly<Record<string, SettingsInput>> = {
  'with no settings': {},
  'that rejects what it does not know': {
    metadata: { unknown: 'refuse', unsupported: 'refuse', scopes: ['openid', 'profile'] },
    registrationAccessToken: { rotateOn: ['read', 'update'] },
  },
  'of open registration with aliases': { registration: 'dynamic', aliases: true },
}

const maxMinutes = 20

/** Runs schemathesis against a stage; resolves to whether it found nothing. */
async function findsNothing(tempDir: TempDir, program: string, service: Service): Promise<boolean> {
  const child = tempDir.start(program, {
    arguments: [
      ...['--no-color', '--config-file', join(import.meta.dirname, 'schemathesis.toml')],
      ...['run', new URL('/openapi.json', service.url).href, '--checks', 'all'],
      ...['--max-examples', options.examples, '--seed', options.seed, '--continue-on-failure'],
      // All tokens here end with this process.
      ...['--output-sanitize', 'false'],
    ],
    environment: {
      ...process.env,
      SCHEMATHESIS_HOOKS: 'hooks',
      PYTHONPATH: import.meta.dirname,
      PYTHONDONTWRITEBYTECODE: '1',
      FUZZ_URL: service.url,
      FUZZ_MASTER_TOKEN: service.masterToken,
      FUZZ_REGISTRATION_PATH: service.settings.registrationPath,
    },
  })
  child.stdout?.pipe(process.stdout, { end: false })
  child.stderr?.pipe(process.stderr, { end: false })
  const late = setTimeout(() => {
    console.error(`stopped after ${maxMinutes} minutes`)
    child.kill()
  }, maxMinutes * 60_000)
  const { promise, resolve } = Promise.withResolvers<number | null>()
  child.once('close', resolve)
  const code = await promise
  clearTimeout(late)
  return code === 0
}

async function main(tempDir: TempDir): Promise<void> {
  const programs = await pythonPrograms(tempDir, { folder: '.venv-fuzz', packages })
  const found: string[] = []
  for (const [name, settings] of Object.entries(stages)) {
    console.log(`\n== A stage ${name}`)
    const service = await startService({ settings })
    try {
      if (!(await findsNothing(tempDir, join(programs, 'schemathesis'), service))) found.push(name)
    } finally {
      await service.close()
    }
  }
  console.log(`\nseed ${options.seed}`)
  console.log(found.length === 0 ? 'No finding.' : `Findings in a stage ${found.join(', ')}.`)
  if (found.length > 0) process.exitCode = 1
}

if (options.help) console.log(help)
else {
  const tempDir = await TempDir.open()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => void tempDir.close().finally(() => process.exit(1)))
  await main(tempDir).finally(() => tempDir.close())
}
