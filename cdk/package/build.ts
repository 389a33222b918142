import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { schema as serviceSchema } from '../../lib/settings/schema.ts'
import { buildLambdas } from '../bundling/build-lambdas.ts'
import { root } from '../bundling/package-root.ts'
import { schema as stageSchema } from '../settings/schema.ts'
import { plainTypes } from './plain-types.ts'

const dist = join(root, 'dist')

/**
 * Builds what `npm pack` packs, in `dist`: ES modules with their declarations, and the bundle of
 * each Lambda. `npm pack` runs this first.
 */
function build(): void {
  rmSync(dist, { recursive: true, force: true })
  compile()
  declareSettings()
  for (const [name, files] of buildLambdas()) {
    const folder = join(dist, 'bundles', name)
    mkdirSync(folder, { recursive: true })
    for (const [file, contents] of files) writeFileSync(join(folder, file), contents)
  }
  chmodSync(join(dist, 'cdk/commands/client-registration.js'), 0o755)
}

function compile(): void {
  const { status } = spawnSync('tsc', ['-p', join(import.meta.dirname, 'tsconfig.json')], {
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(1)
}

/** The types of settings as plain TypeScript, with a docstring each, in place of valibot's. */
function declareSettings(): void {
  const service = plainTypes(serviceSchema, { input: 'SettingsInput', output: 'Settings' })
  const stage = plainTypes(stageSchema, { input: 'StageSettingsInput', output: 'StageSettings' })
  writeFileSync(join(dist, 'lib/settings/schema.d.ts'), service)
  writeFileSync(join(dist, 'cdk/settings/schema.d.ts'), stage)
}

build()
