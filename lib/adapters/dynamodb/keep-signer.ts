import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'

/**
 * Keeps the SDK's signer, which it would create for each request from a copy of its configuration.
 * Region, service and endpoint of a client never change, and the signer asks for the credentials
 * each time that it signs.
 */
export function keepSigner({ config }: DynamoDBClient): void {
  const { signer } = config
  let kept: ReturnType<typeof signer> | undefined
  config.signer = (authScheme) => {
    kept ??= signer(authScheme)
    return kept
  }
}
