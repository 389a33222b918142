import { Validations } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'

/** Suppresses a finding of cdk-nag's AwsSolutions rules, with the reason (test/cdk/nag.test.ts). */
export function suppressNag(construct: IConstruct, rule: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: `AwsSolutions-${rule}`, reason })
}
