import serverless from 'serverless-http'
import { issueInitialAccessToken, provider } from './their-provider.ts'

export { issueInitialAccessToken }

/** oidc-provider as a Lambda. */
export const handler = serverless(provider)
