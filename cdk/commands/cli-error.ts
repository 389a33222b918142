/**
 * Error text for the user of a command. The SDK's messages for missing configuration do not say
 * which environment variables to set.
 */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.message === 'Region is missing') return 'no Region: set AWS_REGION'
  if (error.name === 'CredentialsProviderError')
    return `no AWS credentials in this shell (AWS_PROFILE, AWS_ACCESS_KEY_ID …): ${error.message}`
  return error.message
}
