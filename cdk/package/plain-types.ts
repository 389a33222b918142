import * as v from 'valibot'

/** A schema as it is walked here. */
type Node = v.GenericSchema & {
  readonly wrapped?: Node
  readonly default?: unknown
  readonly entries?: Readonly<Record<string, Node>>
  readonly item?: Node
  readonly value?: Node
  readonly options?: readonly unknown[]
  readonly literal?: unknown
  readonly getter?: (input: unknown) => Node
}

/** Whether a setting with a default may be missing: as written it may, once parsed it may not. */
type Side = 'input' | 'output'

/**
 * The types that a schema of settings infers, written out as TypeScript. The descriptions of the
 * settings become comments.
 */
export const plainTypes = (
  schema: v.GenericSchema,
  names: { readonly input: string; readonly output: string },
): string => `/**
 * Settings as written (times in seconds, sizes in bytes). An unknown key, a wrong value or a
 * contradiction throws a SettingsError that names it.
 */
export type ${names.input} = ${typeOf(schema as Node, 'input', '')}

/** Validated settings with all defaults (times in seconds, sizes in bytes). */
export type ${names.output} = ${typeOf(schema as Node, 'output', '')}
`

function typeOf(node: Node, side: Side, indent: string): string {
  switch (node.type) {
    case 'optional':
      return typeOf(node.wrapped as Node, side, indent)
    case 'strict_object':
      return objectType(node.entries ?? {}, side, indent)
    case 'array':
      return `readonly ${grouped(typeOf(node.item as Node, side, indent))}[]`
    case 'picklist':
      return (node.options ?? []).map(literal).join(' | ')
    case 'literal':
      return literal(node.literal)
    case 'union':
    case 'variant':
      return (node.options as Node[]).map((option) => typeOf(option, side, indent)).join(' | ')
    case 'lazy': // by what is given: a keyword, or a list
      return ['', []].map((input) => typeOf(node.getter?.(input) ?? node, side, indent)).join(' | ')
    case 'record':
      return `Readonly<Record<string, ${typeOf(node.value as Node, side, indent)}>>`
    case 'custom': // a JSON object: a JWK Set, or client metadata
      return 'Readonly<Record<string, unknown>>'
    case 'string':
    case 'number':
    case 'boolean':
    case 'unknown':
      return node.type
    default:
      throw new Error(`no TypeScript type is known for the schema ${node.type}`)
  }
}

function objectType(entries: Readonly<Record<string, Node>>, side: Side, indent: string): string {
  const inner = `${indent}  `
  const members = Object.entries(entries).map(([name, node]) => {
    const isOptional = node.type === 'optional' && (side === 'input' || node.default === undefined)
    const type = typeOf(node, side, inner)
    const key = /^[a-zA-Z_]\w*$/.test(name) ? name : `'${name}'`
    return `${side === 'input' ? docs(node, inner) : ''}${inner}readonly ${key}${isOptional ? '?' : ''}: ${isOptional ? `${type} | undefined` : type}`
  })
  return `{\n${members.join('\n')}\n${indent}}`
}

/** The description of a setting and its default. */
function docs(node: Node, indent: string): string {
  const description = v.getDescription(node.wrapped ?? node)
  const value = JSON.stringify(node.default)
  const fallback = value === undefined || value === '{}' ? '' : `Default: \`${value}\``
  const lines = [description ?? '', fallback].filter(Boolean)
  return lines.length === 0 ? '' : `${indent}/** ${lines.join('. ').replaceAll('*/', '*\\/')}. */\n`
}

const literal = (value: unknown) =>
  typeof value === 'string' ? `'${value}'` : JSON.stringify(value)

const grouped = (type: string) => (/[|{ ]/.test(type) ? `(${type})` : type)
