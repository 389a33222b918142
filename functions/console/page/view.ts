/**
 * One of the things that the page can show; its section in page.html has the view's name as its id.
 */
export type View = {
  readonly title: string
  /** Shows what these parameters of the address ask for. */
  show(parameters: URLSearchParams): Promise<void>
  /** Forgets everything that was shown. */
  clear(): void
}
