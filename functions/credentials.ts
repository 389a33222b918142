import { fromEnv } from '@aws-sdk/credential-provider-env'

/**
 * Replaces the AWS SDK's default credential provider chain in the Lambda bundles. Lambda passes the
 * credentials of its execution role in environment variables. The other providers are never used
 * and would make up a quarter of the bundle (decision 0005). The credentials of an instance never
 * change, so they are read once.
 */
export function defaultProvider() {
  const read = fromEnv()
  let credentials: ReturnType<typeof read> | undefined
  return () => {
    credentials ??= read()
    return credentials
  }
}
