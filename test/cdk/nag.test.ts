import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, Validations } from 'aws-cdk-lib'
import { Queue } from 'aws-cdk-lib/aws-sqs'
import { AwsSolutionsChecks } from 'cdk-nag'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { RegistrationStack } from '../../cdk/registration-stack.ts'
import type { StageSettingsInput } from '../../cdk/settings/settings.ts'
import { variants } from './variants.ts'

const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'))
const directory = mkdtempSync(join(tmpdir(), 'nag-'))
afterAll(() => rmSync(directory, { recursive: true }))

type Report = {
  readonly pluginReports: readonly {
    readonly pluginName: string
    readonly violations: readonly {
      readonly ruleName: string
      readonly violatingConstructs: readonly { readonly constructPath: string }[]
    }[]
  }[]
}

/** Every finding of cdk-nag's AwsSolutions rules that is not accepted where it is made: the rule and the construct. */
function findings(
  settings: StageSettingsInput,
  spoil?: (stack: RegistrationStack) => void,
): string[] {
  const outdir = mkdtempSync(join(directory, 'out-'))
  const app = new App({ outdir, context: { ...context, 'aws:cdk:bundling-stacks': [] } })
  const stack = new RegistrationStack(app, 'Nag', { settings })
  spoil?.(stack)
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
  const printed = vi.spyOn(console, 'error').mockReturnValue()
  let thrown: unknown
  try {
    app.synth()
  } catch (error) {
    thrown = error
  }
  printed.mockRestore()
  const file = join(outdir, 'validation-report.json')
  if (!existsSync(file)) {
    if (thrown !== undefined) throw thrown
    return []
  }
  const { pluginReports }: Report = JSON.parse(readFileSync(file, 'utf8'))
  return pluginReports
    .flatMap(({ violations }) => violations)
    .flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
    )
}

describe("CDK's own rules, with cdk-nag's", () => {
  afterEach(() => vi.unstubAllEnvs())

  test('find nothing in a stage with all variants', () => {
    vi.stubEnv('CDK_VALIDATION', 'true')
    expect(findings(variants['all at once, in us-east-1'])).toEqual([])
  })
})

describe("cdk-nag's AwsSolutions rules", () => {
  test.each<[string, StageSettingsInput]>([
    ['the default settings', {}],
    ['a static initial access token', { initialAccessToken: { static: true } }],
    ['a page of another origin', { cors: { origins: ['https://console.example'] } }],
    ...Object.entries(variants),
  ])('find nothing in a stage with %s that is not accepted with its reason', (_, settings) => {
    expect(findings(settings)).toEqual([])
  })

  test('find a queue without TLS and without a dead-letter queue', () => {
    const found = findings({}, (stack) => new Queue(stack, 'Spoilt'))
    expect(found).toEqual([
      'AwsSolutions-SQS3 at Nag/Spoilt/Resource',
      'AwsSolutions-SQS4 at Nag/Spoilt/Resource',
    ])
  })
})
