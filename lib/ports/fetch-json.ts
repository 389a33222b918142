/** Port: fetches a JSON document from a client-supplied URL. Rejects with an Error for the log. */
export type FetchJson = (url: string) => Promise<unknown>
