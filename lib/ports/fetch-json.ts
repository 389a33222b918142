/** The port that reads the JSON document at a URL which a client named. Rejects with an Error for the log. */
export type FetchJson = (url: string) => Promise<unknown>
