/** An unpublishable record: its position in the stream and its key, never its content. */
export type DeadLetter = {
  readonly stream: string | undefined
  readonly sequence_number: string | undefined
  readonly event_id: string | undefined
  /** The item's key, such as `CLIENT#<client_id>`. */
  readonly key: string | undefined
}

/** Port to the dead-letter queue for unpublishable records. */
export type DeadLetterQueue = {
  /** Sends in order, within a time limit; resolves to the count sent before the first failure. */
  send(messages: readonly DeadLetter[]): Promise<number>
}
