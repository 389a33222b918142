/** What a measuring process does. */
export type Job = {
  /** The bundle that registers, or that sends bare requests. */
  readonly file: string
  /** The bundle that reads and updates. */
  readonly configurationFile: string
  readonly registrationPath: string
  /** An initial access token; or the key of the item to put copies of. */
  readonly input: string
  /** A token with which a registration is one request to DynamoDB; only ours has one. */
  readonly operatorToken: string | undefined
  /**
   * `first` answers one registration in a fresh process, `first put` sends its two requests alone,
   * `token` issues a token: the process prints its result as JSON on the file descriptor 3 and ends.
   * `operations` and `put` do what they are asked to by messages, until they are ended.
   */
  readonly work: 'first' | 'first put' | 'operations' | 'put' | 'token'
}

/** Runs an operation so many times, one after the other. */
export type Ask = { readonly operation: string; readonly count: number }

/** Milliseconds: the median latency of the runs, and the CPU of the average run. */
export type Figures = { readonly latency: number; readonly cpu: number }
