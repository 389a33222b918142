import {
  BatchGetSecretValueCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { serviceUnavailable } from '../../errors.ts'
import { maxAttempts, sdkTimeouts } from '../sdk-timeouts.ts'

/** Current values of secrets by their id. */
export type Secrets = ReadonlyMap<string, string>

/**
 * Reads these secrets, given by ARN, in one request. A single secret is read with GetSecretValue,
 * because permission for BatchGetSecretValue cannot be granted for one secret. Throws OAuthError
 * `temporarily_unavailable`.
 */
export function readSecrets(client: SecretsManagerClient, ids: readonly string[]) {
  const [only, ...more] = ids
  return async (): Promise<Secrets> => {
    if (only === undefined) return new Map()
    try {
      return more.length === 0 ? await readOne(client, only) : await readAll(client, ids)
    } catch (cause) {
      throw serviceUnavailable(cause)
    }
  }
}

async function readOne(client: SecretsManagerClient, id: string): Promise<Secrets> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: id }))
  return new Map(SecretString === undefined ? [] : [[id, SecretString]])
}

async function readAll(client: SecretsManagerClient, ids: readonly string[]): Promise<Secrets> {
  const command = new BatchGetSecretValueCommand({ SecretIdList: [...ids] })
  const { SecretValues = [], Errors = [] } = await client.send(command)
  const [failed] = Errors
  if (failed !== undefined) throw new Error(`Secrets Manager: ${failed.ErrorCode}`)
  const values = new Map<string, string>()
  for (const { ARN, SecretString } of SecretValues)
    if (ARN !== undefined && SecretString !== undefined) values.set(ARN, SecretString)
  return values
}

export const secretsManagerClient = () =>
  new SecretsManagerClient({ maxAttempts, requestHandler: sdkTimeouts })
