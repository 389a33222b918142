import type { Settings } from '../../lib/settings/settings.ts'
import { bodyErrors, jsonContent, noContent, ok, pathParameter } from './operation.ts'
import { type Operations, operatorErrors, pages } from './operator-request.ts'
import { operatorSecurity } from './security.ts'

/** The requests of the operator on initial access tokens, by path and method. */
export const tokenOperations = (settings: Settings): Operations => {
  const common = { tag: 'initial access tokens', security: operatorSecurity(settings) } as const
  const errors = operatorErrors(settings)
  return {
    '/initial-access-tokens': {
      POST: {
        ...common,
        operationId: 'issueInitialAccessToken',
        summary: 'Issue an initial access token (RFC 7591 §1.2)',
        description: 'The body and each of its members may be omitted.',
        requestBody: { content: jsonContent('InitialAccessTokenRequest') },
        success: { 200: ok('The token.', 'IssuedInitialAccessToken') },
        errors: [...errors, ...bodyErrors],
      },
      GET: {
        ...common,
        operationId: 'listInitialAccessTokens',
        summary: 'List initial access tokens, newest first',
        parameters: pages,
        success: { 200: ok('One page.', 'InitialAccessTokenPage') },
        errors,
      },
    },
    '/initial-access-tokens/{id}': {
      DELETE: {
        ...common,
        operationId: 'revokeInitialAccessToken',
        summary: 'Revoke an initial access token',
        parameters: [pathParameter('id', 'ID of the token.')],
        success: { 204: noContent('The token is revoked.') },
        errors: [...errors, 'not_found'],
      },
    },
  }
}
