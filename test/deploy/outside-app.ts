import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { installedApp, pack, root } from '../package/app.ts'
import type { Account } from './account.ts'
import { openApi } from './api.ts'
import type { Emulator } from './emulator.ts'
import { expected, holds, step } from './report.ts'
import { secretValue } from './rotation.ts'
import { walk } from './smoke-test.ts'
import type { TempDir } from './temp-dir.ts'

/** Deploys the README's app, in a folder outside with the packed package, and uses it. */
export async function outsideApp(
  aws: Account,
  tempDir: TempDir,
  emulator: Emulator,
): Promise<void> {
  step('An app of its own with the packed package, by the lines of README.md')
  const parent = join(tempDir.directory, 'outside')
  await mkdir(parent)
  const directory = await installedApp(parent, await pack(parent))
  holds('the package is installed into an empty folder')

  const cdk = (...words: readonly string[]) =>
    tempDir.run(process.execPath, {
      arguments: [join(root, 'node_modules/aws-cdk/bin/cdk'), ...words, '--app', 'node app.ts'],
      environment: emulator.environment,
      directory,
    })
  const outputsFile = join(directory, 'outputs.json')
  const { code, output, errors } = await cdk(
    ...['deploy', '--require-approval', 'never', '--outputs-file', outputsFile],
  )
  const printed = (output + errors).trim().split('\n').slice(-20).join('\n')
  expected('it deploys', [code, code === 0 ? '' : printed], [0, ''])
  const { Identity: outputs } = JSON.parse(await readFile(outputsFile, 'utf8'))
  const masterToken = await secretValue(aws, outputs.MasterTokenSecret)
  await walk(openApi(emulator, outputs.Url), masterToken)
  expected('it is destroyed', (await cdk('destroy', '--force')).code, 0)
}
