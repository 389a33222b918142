import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { apiSettings } from '../../../cdk/settings/api-settings.ts'
import { deploymentSettings } from '../../../cdk/settings/deployment-settings.ts'
import { schema as serviceSchema } from '../../../lib/settings/schema.ts'
import { group } from '../../../lib/settings/values.ts'

const file = join(import.meta.dirname, '../../../lib/settings/reference.md')

/** A schema as it is walked here: wrappers, groups, lists, and pipes of checks. */
type Node = v.GenericSchema & {
  readonly wrapped?: Node
  readonly default?: unknown
  readonly entries?: Readonly<Record<string, Node>>
  readonly item?: Node
  readonly options?: readonly (string | number | Node)[]
  readonly literal?: unknown
  readonly getter?: (input: unknown) => Node
  readonly pipe?: readonly (Check | Node)[]
}

type Check = { readonly type: string; readonly requirement?: unknown; readonly message?: unknown }

/** The page that lists every setting with its values, its default and its meaning. */
export function settingsReference(): string {
  return `# Settings

Made by \`npm run reference\` from \`schema.ts\` and \`cdk/settings/\`; a test keeps it current. Each stage of \`cdk.json\` has one object of these; times are
in seconds, sizes in bytes. An unknown key, a wrong value or a contradiction stops synthesis with a message that names it.

## Service settings

The service reads these. A change gives new code to every Lambda except publish-events and authorize-origin.

${table(serviceSchema as Node)}

## Deployment options

Only the CDK app reads these. A change replaces no code.

${table(group({ ...apiSettings, ...deploymentSettings }) as Node)}
`
}

const table = (node: Node): string => `| setting | values | default | meaning |
|--|--|--|--|
${rows('', node).join('\n')}`

function rows(path: string, node: Node): string[] {
  const group = unwrapped(node)
  return Object.entries(group.entries ?? {}).flatMap(([name, member]) => {
    const own = `${path}${name}`
    const inner = unwrapped(member)
    const row = `| \`${own}\` | ${values(inner)} | ${fallback(member)} | ${v.getDescription(inner) ?? ''} |`
    return inner.entries === undefined ? [row] : [row, ...rows(`${own}.`, inner)]
  })
}

const unwrapped = (node: Node): Node =>
  node.wrapped === undefined ? node : unwrapped(node.wrapped)

/** The checks of a schema; one that is described is a pipe in a pipe. */
const checks = (node: Node): readonly Check[] =>
  node.pipe?.flatMap((action) => ('pipe' in action ? checks(action as Node) : [action as Check])) ??
  []

function values(node: Node): string {
  const range = (type: string) => checks(node).find((check) => check.type === type)?.requirement
  const expected = checks(node).find(({ message }) => typeof message === 'string')?.message
  switch (node.type) {
    case 'picklist':
      return (node.options ?? []).map((option) => `\`${String(option)}\``).join(' · ')
    case 'boolean':
      return '`true` · `false`'
    case 'number':
      return range('min_value') === undefined
        ? 'number'
        : `${range('min_value')} to ${range('max_value')}`
    case 'array':
      return ['strict_object', 'variant'].includes(node.item?.type ?? '')
        ? 'list'
        : `list of: ${values(unwrapped(node.item ?? node))}`
    case 'union':
      return (node.options ?? []).map((option) => values(unwrapped(option as Node))).join(' · ')
    case 'literal':
      return `\`${String(node.literal)}\``
    case 'lazy': // by what is given: a word, or a list
      return ['', []].map((input) => values(unwrapped(node.getter?.(input) ?? node))).join(' · ')
    case 'record':
    case 'strict_object':
      return 'object'
    default:
      return typeof expected === 'string' ? expected.replace(/^expected (an? )?/, '') : 'text'
  }
}

function fallback(node: Node): string {
  const value = node.default
  if (value === undefined) return 'none'
  return JSON.stringify(value) === '{}' ? '' : `\`${JSON.stringify(value)}\``
}

export const committedReference = (): string => readFileSync(file, 'utf8')

if (import.meta.main) writeFileSync(file, settingsReference())
