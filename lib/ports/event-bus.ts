import type { RegistryEvent } from '../events/registry-event.ts'

/** An event, and the ARN of the table that it tells of. */
export type Publication = { readonly event: RegistryEvent; readonly table: string | undefined }

/** What became of publications that were handed over in one go. */
export type Published = {
  /**
   * How many are settled before the first that has to come again. Later ones may be out already, so that they come
   * twice when all from that one on is published again.
   */
  readonly publishedCount: number
  /** Which of these are refused for themselves, by their places, and why: they would be refused for ever. */
  readonly rejected: ReadonlyMap<number, Error>
}

/** The port through which events leave. */
export type EventBus = {
  /** Publishes in this order, and ends in time whatever the bus does. */
  publish(publications: readonly Publication[]): Promise<Published>
}
