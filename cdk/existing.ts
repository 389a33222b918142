import { TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { Construct } from 'constructs'
import type { AnyClientTable } from './client-table.ts'
import type { AnySecret } from './secrets.ts'
import type { StageSettings } from './settings/settings.ts'

/** An existing table and key rings, left behind by an earlier stage. */
export type Existing = {
  /**
   * Needs a stream, and the indexes named in lib/adapters/dynamodb/table.ts; `by-due` with clean-up
   * only, `by-name` and `by-redirect-host` with `findClientsBy` only.
   */
  readonly table: AnyClientTable
  /** Must be the key ring of the registration access tokens in this table. */
  readonly keyRing: AnySecret
  /**
   * Must be the key ring that encrypts the client secrets in this table. Default: a new one, for a
   * table whose client secrets all are from before version 0.2.
   */
  readonly clientSecretKeyRing?: AnySecret | undefined
}

/** The table and key rings of the setting `existing`; undefined when it is not set. */
export function existingOf(
  scope: Construct,
  { existing }: Pick<StageSettings, 'existing'>,
): Existing | undefined {
  if (existing === undefined) return undefined
  const imported = new Construct(scope, 'Existing')
  return {
    table: TableV2.fromTableAttributes(imported, 'Table', {
      tableArn: existing.table.replace(/\/stream\/.*$/, ''),
      tableStreamArn: existing.table,
    }),
    keyRing: Secret.fromSecretCompleteArn(imported, 'KeyRing', existing.keyRing),
    ...(existing.clientSecretKeyRing !== undefined && {
      clientSecretKeyRing: Secret.fromSecretCompleteArn(
        imported,
        'ClientSecretKeyRing',
        existing.clientSecretKeyRing,
      ),
    }),
  }
}
