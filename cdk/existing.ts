import { TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { Construct } from 'constructs'
import type { Settings } from '../lib/settings/settings.ts'
import type { AnyClientTable } from './client-table.ts'
import type { AnySecret } from './secrets.ts'

/** A table and a key ring that a stage before left behind, and this one goes on with. */
export type Existing = {
  /** With its stream, and indexes of the names in lib/adapters/dynamodb/table.ts. */
  readonly table: AnyClientTable
  /** The one that the table's client secrets are encrypted by. */
  readonly keyRing: AnySecret
}

/** Those that the settings name, if they do. */
export function existingOf(
  scope: Construct,
  { existing }: Pick<Settings, 'existing'>,
): Existing | undefined {
  if (existing === undefined) return undefined
  const imported = new Construct(scope, 'Existing')
  return {
    table: TableV2.fromTableAttributes(imported, 'Table', {
      tableArn: existing.table.replace(/\/stream\/.*$/, ''),
      tableStreamArn: existing.table,
    }),
    keyRing: Secret.fromSecretCompleteArn(imported, 'KeyRing', existing.keyRing),
  }
}
