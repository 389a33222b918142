import type { Emulator } from './emulator.ts'
import { holds, note } from './report.ts'
import type { Workshop } from './workshop.ts'

/** Rules that are not heeded, each with its reason. */
const ignored = {
  W3005:
    "aws-cdk-lib itself writes a Lambda's DependsOn its role beside the reference: the two say the same, and only the library could leave one out",
}

/** Judges a template by CloudFormation's own resource schemas; a finding is an error. */
export async function lint(
  workshop: Workshop,
  { environment }: Emulator,
  template: string,
): Promise<void> {
  const rules = Object.keys(ignored)
  await workshop.succeed('cfn-lint', {
    arguments: [
      '--regions',
      'us-east-1',
      'eu-central-1',
      '--ignore-checks',
      ...rules,
      '--',
      template,
    ],
    environment,
  })
  holds('cfn-lint finds nothing in the deployed template')
  for (const [rule, reason] of Object.entries(ignored)) note(`not heeded: ${rule}: ${reason}`)
}
