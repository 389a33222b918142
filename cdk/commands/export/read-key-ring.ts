import { readFile } from 'node:fs/promises'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { type KeyRing, parseKeyRing } from '../../../lib/tokens/key-ring.ts'

/**
 * The key ring in a secret, by its ARN, or in a file. Throws an Error that names it, and never
 * contains key material.
 */
export async function readKeyRing(from: string): Promise<KeyRing> {
  try {
    return parseKeyRing(from.startsWith('arn:') ? await readSecret(from) : await readText(from))
  } catch (error) {
    throw new Error(`${from}: ${error instanceof Error ? error.message : error}`)
  }
}

async function readSecret(SecretId: string): Promise<string> {
  const { SecretString } = await new SecretsManagerClient({}).send(
    new GetSecretValueCommand({ SecretId }),
  )
  if (SecretString === undefined) throw new Error('the secret has no text')
  return SecretString
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new Error(`cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}
