import { randomInt } from 'node:crypto'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import type { Resource } from './synthesis.ts'

/** Values of secrets by the logical id of their resource. */
export type SecretValues = ReadonlyMap<string, string>

export type LocalSecretsOptions = {
  readonly resources: readonly (readonly [string, Resource])[]
  /** Where values are kept between runs. */
  readonly file?: string
  /** Values that the operator chose, for this run only. */
  readonly given: SecretValues
}

/** A value for each synthesized secret: given, kept from an earlier run, or drawn as the template says. */
export async function localSecrets(options: LocalSecretsOptions): Promise<SecretValues> {
  const { resources, file, given } = options
  const kept = new Map(Object.entries(file === undefined ? {} : await readKept(file)))
  for (const [id, { Properties }] of resources) {
    if (!kept.has(id)) kept.set(id, draw(Properties.GenerateSecretString as GenerateSecretString))
  }
  if (file !== undefined) {
    await writeFile(file, JSON.stringify(Object.fromEntries(kept)), { mode: 0o600 })
    await chmod(file, 0o600)
  }
  return new Map(resources.map(([id]) => [id, given.get(id) ?? kept.get(id) ?? '']))
}

async function readKept(file: string): Promise<Record<string, string>> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
    throw error
  }
}

type GenerateSecretString = {
  readonly PasswordLength?: number
  readonly ExcludePunctuation?: boolean
  readonly SecretStringTemplate?: string
  readonly GenerateStringKey?: string
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const punctuation = '!#$%&()*+,-./:;<=>?@[]^_{|}~'

function draw(rule: GenerateSecretString): string {
  const alphabet = rule.ExcludePunctuation ? letters : letters + punctuation
  const length = rule.PasswordLength ?? 32
  const password = Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
  if (rule.SecretStringTemplate === undefined || rule.GenerateStringKey === undefined) {
    return password
  }
  return JSON.stringify({
    ...JSON.parse(rule.SecretStringTemplate),
    [rule.GenerateStringKey]: password,
  })
}
