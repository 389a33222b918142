import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../../cdk/local/synthesis.ts'
import { variants } from '../cdk/variants.ts'
import type { Emulator } from './emulator.ts'
import { expected, holds, note } from './report.ts'
import type { TempDir } from './temp-dir.ts'

/** Rules that are not heeded, each with its reason. */
const ignored = {
  W3005:
    "aws-cdk-lib itself writes a Lambda's DependsOn its role beside the reference: the two say the same, and only the library could leave one out",
}

/** Judges templates by CloudFormation's own resource schemas; a finding is an error. */
export async function lint(
  tempDir: TempDir,
  { environment }: Emulator,
  templates: readonly string[],
): Promise<void> {
  const rules = Object.keys(ignored)
  await tempDir.succeed('cfn-lint', {
    arguments: [
      ...['--regions', 'us-east-1', 'eu-central-1'],
      ...['--ignore-checks', ...rules],
      '--',
      ...templates,
    ],
    environment,
  })
}

/** Judges the templates of all variants, each synthesized as a stage. */
export async function lintVariants(tempDir: TempDir, emulator: Emulator): Promise<void> {
  const { context } = JSON.parse(await readFile(join(root, 'cdk.json'), 'utf8'))
  const names = Object.keys(variants)
  const stages = Object.fromEntries(
    Object.values(variants).map((settings, index) => [`variant-${index}`, settings]),
  )
  const directory = join(tempDir.directory, 'variants')
  await tempDir.succeed(process.execPath, {
    arguments: [join(root, 'cdk/app.ts')],
    directory: root,
    environment: {
      ...emulator.environment,
      CDK_OUTDIR: directory,
      // The code of the Lambdas is in no template.
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, stages, 'aws:cdk:bundling-stacks': [] }),
    },
  })
  const files = (await readdir(directory)).filter((name) => name.endsWith('.template.json'))
  const templates = files.map((name) => join(directory, name))
  expected('every variant has a template', templates.length >= names.length, true)
  await lint(tempDir, emulator, templates)
  holds(`cfn-lint finds nothing in ${templates.length} templates: ${names.join(' · ')}`)
  for (const [rule, reason] of Object.entries(ignored)) note(`not heeded: ${rule}: ${reason}`)
}
