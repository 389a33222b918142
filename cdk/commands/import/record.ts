import type { ImportOutcome, itemImporter } from '../../../lib/adapters/dynamodb/import-item.ts'
import type { PermitPorts } from '../../../lib/permission/permit.ts'
import type { Settings } from '../../../lib/settings/settings.ts'
import type { Mapping } from './mapping.ts'
import type { NewSecrets } from './new-secrets.ts'
import type { SecretStorage } from './store-secrets.ts'

/** A record of the input, by its line or, in a JSON list, by its place in it; from 1. */
export type InputRecord = { readonly number: number; readonly text: string }

/** What became of a record. */
export type RecordResult = {
  readonly line: number
  /** The id of the client or of the initial access token. */
  readonly id?: string
  readonly outcome: ImportOutcome | 'skipped' | 'rejected' | 'mark'
  readonly reason?: string
  readonly changed?: readonly string[]
  readonly dropped?: readonly string[]
  /** `missing`: the client needs a secret and has none; `weak`: the secret is short. */
  readonly secret?: 'missing' | 'weak'
  readonly hasToken?: true
  readonly isEnd?: true
}

export type RecordImport = {
  readonly importer: ReturnType<typeof itemImporter>
  readonly settings: Settings
  /** The rules of the service; undefined where the metadata is trusted. */
  readonly rules: PermitPorts | undefined
  readonly mapping: Mapping | undefined
  readonly storage: SecretStorage
  readonly newSecrets: NewSecrets | undefined
  readonly isDryRun: boolean
  /** Unix seconds. */
  readonly now: number
}

/** A result without what identifies the record. */
export type Result = Omit<RecordResult, 'line' | 'id'>
