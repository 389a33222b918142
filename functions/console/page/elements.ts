/** A part of page.html, by its id. */
export function byId<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id)
  if (found instanceof kind) return found
  throw new Error(`the page has no ${id}`)
}

export type Child = Node | string

/** An element. Its text becomes text nodes: whatever a client calls itself, it is only shown. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  made.append(...children)
  return made
}

/** A link to another view of this page. */
export const viewLink = (view: string, parameters: Record<string, string>, child: Child) =>
  element('a', { href: `#${view}?${new URLSearchParams(parameters)}` }, child)

/** A row of a table; the column's name is shown beside each cell where the screen is narrow. */
export function row(cells: Readonly<Record<string, readonly Child[]>>): HTMLElement {
  const made = Object.entries(cells).map(([column, children]) =>
    element('td', { 'data-column': column }, ...children),
  )
  return element('tr', {}, ...made)
}

/** Terms and what is said of each; a term of which nothing is said is left out. */
export const definitions = (
  entries: readonly (readonly [Child, readonly Child[] | undefined])[],
): HTMLElement[] =>
  entries.flatMap(([term, said]) =>
    said === undefined ? [] : [element('dt', {}, term), element('dd', {}, ...said)],
  )

const clock = { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' } as const
const date = { year: 'numeric', month: 'short', day: 'numeric' } as const

/** A moment in Unix seconds, in the operator's own time zone, which it names. */
export function time(seconds: number): HTMLElement {
  const moment = new Date(seconds * 1000)
  const shown = moment.toLocaleString(undefined, { ...date, ...clock })
  return element('time', { datetime: moment.toISOString() }, shown)
}

/** When a list was fetched, and what that is worth. */
export const asOf = (moment: Date): string =>
  `As of ${moment.toLocaleTimeString(undefined, { ...clock, second: '2-digit' })} (eventually consistent).`
