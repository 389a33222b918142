/** A record that can never be published: where the stream has it, and what it is about; never what it holds. */
export type DeadLetter = {
  readonly stream: string | undefined
  readonly sequence_number: string | undefined
  readonly event_id: string | undefined
  /** Of the item, such as `CLIENT#<client_id>`. */
  readonly key: string | undefined
}

/** The port to where records are kept that are given up. */
export type DeadLetterQueue = {
  /** Keeps them in this order, and ends in time; resolves to how many are kept before the first that is not. */
  send(messages: readonly DeadLetter[]): Promise<number>
}
