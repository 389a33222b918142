import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../../cdk/local/synthesis.ts'
import type { StageSettingsInput } from '../../cdk/settings/settings.ts'
import type { Account } from './account.ts'
import { account, type Emulator, region } from './emulator.ts'
import type { Ended, TempDir } from './temp-dir.ts'

export const stackName = 'ClientRegistration-test'

export type Outputs = {
  readonly Url: string
  readonly DomainTarget?: string
  readonly RegistrationEndpoint: string
  readonly TableName: string
  readonly MasterTokenSecret: string
}

/** The CDK's own command, on the project's own app and context, with one stage whose settings a test chooses. */
export type Cdk = {
  bootstrap(aws: Account): Promise<void>
  /** Writes these settings for the next command; `app` is the folder of another version of the project. */
  configure(settings: StageSettingsInput, app?: string): Promise<void>
  /** Resolves to what it printed and the stack's outputs. */
  deploy(
    settings: StageSettingsInput,
    app?: string,
  ): Promise<{ readonly printed: string; readonly outputs: Outputs }>
  /** Ends with 1 where a deploy would change anything. With `template` it shows what would be replaced. */
  diff(method?: 'template'): Promise<Ended>
  destroy(): Promise<Ended>
  /** Whether there is a stack of the stage. */
  exists(aws: Account): Promise<boolean>
  /** The template of the last deploy. */
  readonly template: string
}

export async function openCdk(tempDir: TempDir, { environment }: Emulator): Promise<Cdk> {
  const directory = join(tempDir.directory, 'app')
  const outputsFile = join(directory, 'outputs.json')
  await mkdir(directory)

  /** What an operator edits: `cdk.json`. Only its stages are other ones. */
  async function configure(settings: StageSettingsInput, folder = root): Promise<void> {
    const { context } = JSON.parse(await readFile(join(folder, 'cdk.json'), 'utf8'))
    const app = `"${process.execPath}" "${join(folder, 'cdk/app.ts')}"`
    const configured = { app, context: { ...context, stages: { test: settings } } }
    await writeFile(join(directory, 'cdk.json'), JSON.stringify(configured))
  }

  const command = (...words: readonly string[]) => ({
    arguments: [join(root, 'node_modules/aws-cdk/bin/cdk'), ...words],
    environment,
    directory,
  })

  return {
    template: join(directory, 'cdk.out', `${stackName}.template.json`),

    async bootstrap(aws) {
      await configure({})
      const words = ['bootstrap', `aws://${account}/${region}`]
      await tempDir.succeed(process.execPath, command(...words))
      // The bucket's policy rejects whatever does not come by TLS, and the emulator has none.
      const Bucket = `cdk-hnb659fds-assets-${account}-${region}`
      await aws('s3api', 'delete-bucket-policy', '--bucket', Bucket)
    },

    configure,

    async deploy(settings, folder) {
      await configure(settings, folder)
      const words = ['deploy', '--require-approval', 'never', '--outputs-file', outputsFile]
      const { code, output, errors } = await tempDir.run(process.execPath, command(...words))
      if (code !== 0) throw new Error(`cdk deploy\n${lastLines(output + errors)}`)
      const outputs = JSON.parse(await readFile(outputsFile, 'utf8'))[stackName]
      return { printed: output + errors, outputs }
    },

    diff: (method) =>
      tempDir.run(
        process.execPath,
        command('diff', '--fail', ...(method === undefined ? [] : ['--method', method])),
      ),

    destroy: () => tempDir.run(process.execPath, command('destroy', '--force')),

    async exists(aws) {
      const active = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'DELETE_FAILED']
      const { StackSummaries } = (await aws(
        ...['cloudformation', 'list-stacks', '--stack-status-filter', ...active],
      )) as { readonly StackSummaries: readonly { readonly StackName: string }[] }
      return StackSummaries.some(({ StackName }) => StackName === stackName)
    },
  }
}

const lastLines = (text: string) => text.trim().split('\n').slice(-40).join('\n')
