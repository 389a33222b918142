/** Local values of template references, keyed by logical id or `Id.Attribute`. */
export type References = ReadonlyMap<string, string>

/**
 * Resolves the intrinsic functions in a template value (Ref, Fn::GetAtt, Fn::Join, Fn::Sub). Throws
 * an Error for an unknown function or reference.
 */
export function resolve(value: unknown, references: References): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => resolve(item, references)).filter((item) => item !== noValue)
  }
  if (typeof value !== 'object' || value === null) return value
  const [entry, ...others] = Object.entries(value)
  if (entry !== undefined && others.length === 0) {
    const [name, argument] = entry
    if (name === 'Ref') return reference(String(argument), references)
    if (name === 'Fn::GetAtt') return reference([argument].flat().join('.'), references)
    if (name === 'Fn::Join') return join(argument, references)
    if (name === 'Fn::Sub') return substitute(argument, references)
    if (name.startsWith('Fn::')) throw new Error(`the local service does not know ${name}`)
  }
  const members = Object.entries(value).map(([key, item]) => [key, resolve(item, references)])
  return Object.fromEntries(members.filter(([, item]) => item !== noValue))
}

const noValue = Symbol('AWS::NoValue')

function reference(name: string, references: References): unknown {
  if (name === 'AWS::NoValue') return noValue
  const value = references.get(name)
  if (value === undefined) throw new Error(`the local service has nothing for ${name}`)
  return value
}

function join(argument: unknown, references: References): string {
  const [separator, items] = resolve(argument, references) as [string, unknown[]]
  return items.join(separator)
}

function substitute(argument: unknown, references: References): string {
  const [text, own = {}] = [argument].flat() as [string, Record<string, unknown>?]
  return text.replaceAll(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) =>
    literal === '!'
      ? `\${${name}}`
      : String(name in own ? resolve(own[name], references) : reference(name, references)),
  )
}
