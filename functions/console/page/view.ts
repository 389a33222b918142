/**
 * One of the things that the page can show; its section in page.html has the view's name as its id.
 */
export type View = {
  readonly title: string
  /** Shows the view for the parameters of the address. */
  show(parameters: URLSearchParams): Promise<void>
  /** Clears all data on display. */
  clear(): void
}
