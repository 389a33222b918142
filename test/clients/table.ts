import { type Library, type Operation, operations } from './libraries.ts'

const begin = '<!-- npm run clients -- --write -->'
const end = '<!-- end of clients -->'

export type Row = { readonly library: Library; readonly seen: ReadonlySet<Operation> }

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`

function cell({ library, seen }: Row, operation: Operation): string {
  if (!seen.has(operation)) return '—'
  return library.can[operation] === 'own' ? '✓' : '(✓)'
}

/** The table of what each library did. */
export function table(rows: readonly Row[]): string {
  const head = ['client', 'version', 'language', ...operations]
  const lines = rows.map((entry) => {
    const { name, version, language } = entry.library
    return row([name, version, language, ...operations.map((name) => cell(entry, name))])
  })
  return [row(head), `|${'--|'.repeat(head.length)}`, ...lines].join('\n')
}

/** The page with this table between its markers. */
export function withTable(page: string, lines: string): string {
  const [before, after] = [page.split(begin)[0], page.split(end)[1]]
  if (before === undefined || after === undefined || !page.includes(begin))
    throw new Error(`README.md lacks the markers ${begin} and ${end}`)
  return `${before}${begin}\n\n${lines}\n\n${end}${after}`
}
