import type { Settings } from '../../settings/schema.ts'
import type { ClientMetadata } from '../client-metadata.ts'

/** A cross-field rule. Returns `member: problem`, or undefined if the metadata is valid. */
export type Check = (metadata: ClientMetadata, settings: Settings) => string | undefined
