import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Instrumenter } from '@stryker-mutator/instrumenter'

/** One small change of the code. */
export type Mutant = {
  readonly id: string
  /** Path, line and column. */
  readonly place: string
  readonly original: string
  readonly replacement: string
}

export type Survey = {
  /** How many were tried. */
  readonly mutants: number
  /** Those that no test notices. */
  readonly survivors: readonly Mutant[]
}

type Node = {
  readonly type: string
  readonly id?: { readonly name?: string } | null
  readonly operator?: string
  readonly right?: { readonly name?: string }
}

/** Why no mutant is made of a node and what is inside; undefined if mutants are made. */
function ignored({ node }: { readonly node: Node }): string | undefined {
  if (node.type === 'VariableDeclarator' && /Docs$/.test(node.id?.name ?? ''))
    return 'columns of a generated page'
  // A product in its place doubles the number's length each time: it computes for minutes.
  if (node.type === 'BinaryExpression' && node.operator === '%' && node.right?.name === 'rest')
    return 'ends too late'
  return undefined
}

const log = () => {}
const logger = {
  isTraceEnabled: () => false,
  isDebugEnabled: () => false,
  isInfoEnabled: () => false,
  isWarnEnabled: () => true,
  isErrorEnabled: () => true,
  isFatalEnabled: () => true,
  trace: log,
  debug: log,
  info: log,
  warn: console.warn,
  error: console.error,
  fatal: console.error,
}

/** Puts all mutants of these files into their code, each behind a switch: by Stryker. */
export async function instrument(paths: readonly string[]) {
  const sources = new Map(paths.map((path) => [path, readFileSync(path, 'utf8')]))
  const options = { plugins: null, excludedMutations: [], ignorers: [{ shouldIgnore: ignored }] }
  const { files, mutants } = await new Instrumenter(logger).instrument(
    [...sources].map(([name, content]) => ({ name, content, mutate: true })),
    options as never, // its type hides that an ignorer receives a node
  )
  return {
    code: new Map(files.map(({ name, content }) => [resolve(name), content])),
    mutants: mutants
      .filter(({ status }) => status !== 'Ignored')
      .map(({ id, fileName, location, replacement }): Mutant => {
        const { start } = location
        const lines = (sources.get(fileName) ?? '').split('\n')
        return {
          id,
          place: `${fileName}:${start.line + 1}:${start.column + 1}`,
          original: between(lines, location).replace(/\s+/g, ' '),
          replacement: replacement.replace(/\s+/g, ' '),
        }
      }),
  }
}

type Position = { readonly line: number; readonly column: number }

function between(lines: readonly string[], { start, end }: { start: Position; end: Position }) {
  const inner = lines.slice(start.line, end.line + 1)
  inner.push((inner.pop() ?? '').slice(0, end.column))
  return inner.join('\n').slice(start.column)
}
