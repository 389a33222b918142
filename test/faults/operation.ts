import type { SettingsInput } from '../../lib/settings/settings.ts'
import type { composeServer } from '../support/compose.ts'
import type { ServiceRequest } from './instance.ts'

/** One operation of the service, and what its caller may rely on when it is disturbed. */
export type Operation = {
  readonly name: string
  readonly settings?: SettingsInput
  /** Prepares an empty table for one request. The server's calls meet no faults. */
  readonly prepare: (server: PreparingServer) => Promise<Prepared>
  /** Status of the response that says that it was carried out. */
  readonly success: number
  /** Status of the response to the same request, after it was carried out. */
  readonly repeated: number
  /** Whether the repetition gets the response that was lost, and changes nothing. */
  readonly idempotent?: true
  /**
   * What may have happened without the rest, and the status of the response to the same request
   * then. By default, the operation is carried out as a whole or not at all.
   */
  readonly part?: { readonly changes: readonly string[]; readonly repeated: number }
  /** Whether any of its writes may be left undone, and the repetition makes up for them. */
  readonly resumes?: true
}

/** The server that prepares what a request needs. */
export type PreparingServer = ReturnType<typeof composeServer>

export type Prepared = {
  readonly request: ServiceRequest
  /** The request that a caller sends when a part rejects the repetition. */
  readonly renewed?: ServiceRequest
  /** The filter of `GET /clients` by which the operator finds the client of a lost response. */
  readonly findBy?: Readonly<Record<string, string>>
}
