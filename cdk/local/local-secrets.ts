import { randomInt } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { isObject } from '../../lib/json.ts'
import type { Resource } from './synthesis.ts'

/** Secret values, keyed by the logical id of their resource. */
export type SecretValues = ReadonlyMap<string, string>

export type LocalSecretsOptions = {
  readonly resources: readonly (readonly [string, Resource])[]
  /** File that stores the values between runs. */
  readonly file?: string
  /** Values that the operator supplied, for this run only. */
  readonly given: SecretValues
}

/**
 * Returns a value for each secret of the template: supplied, stored by an earlier run, or generated
 * as the template specifies.
 */
export async function localSecrets(options: LocalSecretsOptions): Promise<SecretValues> {
  const { resources, file, given } = options
  const kept = new Map(Object.entries(file === undefined ? {} : await readSecrets(file)))
  for (const [id, { Properties }] of resources) {
    if (!kept.has(id))
      kept.set(id, generate(Properties.GenerateSecretString as GenerateSecretString))
  }
  if (file !== undefined) {
    // An atomic rename: if this process is interrupted, the file has the old or the new content.
    await writeFile(`${file}.new`, JSON.stringify(Object.fromEntries(kept)), { mode: 0o600 })
    await rename(`${file}.new`, file)
  }
  return new Map(resources.map(([id]) => [id, given.get(id) ?? kept.get(id) ?? '']))
}

/**
 * Values stored by an earlier run; empty when the file does not exist. Throws an Error when it is
 * damaged.
 */
export async function readSecrets(file: string): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(file, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return '{}'
    throw error
  })
  try {
    const kept: unknown = JSON.parse(text)
    if (isObject(kept) && Object.values(kept).every((value) => typeof value === 'string'))
      return kept as Readonly<Record<string, string>>
  } catch {
    // Not JSON: reported as damaged below.
  }
  throw new Error(
    `${basename(file)} is damaged; restore it, or remove it to begin with other secrets`,
  )
}

type GenerateSecretString = {
  readonly PasswordLength?: number
  readonly ExcludePunctuation?: boolean
  readonly SecretStringTemplate?: string
  readonly GenerateStringKey?: string
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const punctuation = '!#$%&()*+,-./:;<=>?@[]^_{|}~'

function generate(rule: GenerateSecretString): string {
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
