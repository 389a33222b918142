import type { RegistryEvent } from './registry-event.ts'

/** An event, and the ARN of the table that it tells of. */
export type Publication = { readonly event: RegistryEvent; readonly table: string | undefined }

/** The port through which events leave. */
export type EventBus = {
  /**
   * Publishes in this order; resolves to how many are certainly published before the first that is not. Later ones may
   * be out already, so that they come twice when all from that one on is published again.
   */
  publish(publications: readonly Publication[]): Promise<number>
}
