/** Finds an element of page.html by id. Throws an Error if it is missing or of another type. */
export function byId<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id)
  if (found instanceof kind) return found
  throw new Error(`the page has no ${id}`)
}

export type Child = Node | string

/** Creates an element. Strings become text nodes, so client input is never parsed as HTML. */
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

/** Creates a table row. On a narrow screen, each cell shows its column's name. */
export function row(cells: Readonly<Record<string, readonly Child[]>>): HTMLElement {
  const made = Object.entries(cells).map(([column, children]) =>
    element('td', { 'data-column': column }, ...children),
  )
  return element('tr', {}, ...made)
}

/** Creates the items of a description list; omits a term whose description is undefined. */
export const definitions = (
  entries: readonly (readonly [Child, readonly Child[] | undefined])[],
): HTMLElement[] =>
  entries.flatMap(([term, said]) =>
    said === undefined ? [] : [element('dt', {}, term), element('dd', {}, ...said)],
  )

const clock = { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' } as const
const date = { year: 'numeric', month: 'short', day: 'numeric' } as const

/** Formats Unix seconds in the operator's time zone, and names the zone. */
export function time(seconds: number): HTMLElement {
  const moment = new Date(seconds * 1000)
  const shown = moment.toLocaleString(undefined, { ...date, ...clock })
  return element('time', { datetime: moment.toISOString() }, shown)
}

/** Formats the day of Unix seconds in the operator's time zone. */
export function day(seconds: number): HTMLElement {
  const moment = new Date(seconds * 1000)
  return element(
    'time',
    { datetime: moment.toISOString() },
    moment.toLocaleDateString(undefined, date),
  )
}

/** When a list was fetched, with a hint that its index is eventually consistent. */
export const asOf = (moment: Date): string =>
  `As of ${moment.toLocaleTimeString(undefined, { ...clock, second: '2-digit' })} (eventually consistent).`
