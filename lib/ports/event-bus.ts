import type { RegistryEvent } from '../events/registry-event.ts'

/** An event, and the ARN of the table that it originates from. */
export type Publication = { readonly event: RegistryEvent; readonly table: string | undefined }

/** Result of one `publish` call. */
export type Published = {
  /**
   * Number of publications completed before the first that must be retried. Later ones may already
   * be published; retrying from there on then publishes them twice.
   */
  readonly publishedCount: number
  /** Publications with a permanent error, by index; retrying them cannot succeed. */
  readonly rejected: ReadonlyMap<number, Error>
}

/** Port for publishing events. */
export type EventBus = {
  /** Publishes in order, within a time limit. */
  publish(publications: readonly Publication[]): Promise<Published>
}
