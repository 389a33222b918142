type Path = {
  readonly parentPath: Path | null
  readonly node: { readonly type: string; readonly id?: { readonly name?: string } | null }
}

/** Columns of a generated page, and no behavior: the constants `…Docs` of lib/metadata. */
const isDocs = ({ node }: Path): boolean =>
  node.type === 'VariableDeclarator' && /Docs$/.test(node.id?.name ?? '')

/** A plugin of Stryker: no mutant is made inside of documentation. */
export const strykerPlugins = [
  {
    kind: 'Ignore',
    name: 'docs',
    value: {
      shouldIgnore: (path: Path): string | undefined =>
        isDocs(path) ? 'documentation' : undefined,
    },
  },
]
