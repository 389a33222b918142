import type { Settings } from '../../settings/schema.ts'
import type { ClientMetadata } from '../client-metadata.ts'

/** A rule across members: `member: what is wrong`, or undefined where nothing is. */
export type Check = (metadata: ClientMetadata, settings: Settings) => string | undefined
