/** A view of the page. The id of its section in page.html is the view's name. */
export type View = {
  readonly title: string
  /** Shows the view for the parameters of the address. */
  show(parameters: URLSearchParams): Promise<void>
  /** Clears all data on display. */
  clear(): void
}
