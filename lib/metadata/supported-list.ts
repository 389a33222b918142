import type { Settings } from '../settings/schema.ts'

export type Values = readonly string[]
type Metadata = Settings['metadata']

/** The settings in `metadata` that are lists of names. */
type ListSetting = {
  [Name in keyof Metadata]-?: NonNullable<Metadata[Name]> extends Values ? Name : never
}[keyof Metadata]

/** One list of values that the authorization server supports. */
export type SupportedList = {
  /** The setting in `metadata`. */
  readonly setting: ListSetting
  /** The member of client metadata that has one of the values, or several. */
  readonly member: string
  /** Which algorithms these are, if they are algorithms. */
  readonly use:
    | 'signed_by_client'
    | 'signed_by_server'
    | 'encrypted_to_client'
    | 'encrypted_to_server'
    | 'content_encryption'
    | 'other'
  /** The member for the key management algorithm, which a content encryption requires. */
  readonly alg?: string
  /** What the server supports and publishes if neither a setting nor `discovery` lists it. */
  readonly published?: (settings: Settings) => Values | undefined
  /** What a client may request if nothing is listed, apart from algorithms. */
  readonly fallback?: Values
  /** The member's default. If the server does not support it, the value that applies is registered. */
  readonly specDefault?: string
  /** Whether a client may send such a list too (RP Metadata Choices 1.0 §2). */
  readonly choice?: true
}
