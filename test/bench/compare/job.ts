/** What a measuring process does; its result is JSON on the file descriptor 3. */
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
   * `first` answers one registration in a fresh process, `first put` sends its two requests alone;
   * `token` issues a token.
   */
  readonly work: 'first' | 'first put' | 'operations' | 'put' | 'token'
  readonly warmUp: number
  readonly count: number
}

/** Milliseconds of one operation. */
export type Figures = { readonly latency: number; readonly cpu: number }
