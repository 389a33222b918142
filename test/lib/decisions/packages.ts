import { codeSpans, read, rows } from './tables.ts'

export type Locked = {
  readonly license?: string
  readonly link?: true
  readonly dev?: true
  readonly inBundle?: true
  readonly resolved?: string
  readonly integrity?: string
  readonly hasInstallScript?: true
}

export const lock: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(
  read('package-lock.json'),
)

/** The package of each row under a heading of lib/decisions/dependencies.md, with its other cells. */
export const listedPackages = (heading: string) =>
  rows('lib/decisions/dependencies.md', heading).map(
    ([cell = '', ...more]) => [codeSpans(cell)[0] ?? '', ...more] as const,
  )
