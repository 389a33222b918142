import { listNames } from '../../lib/metadata/supported-lists.ts'
import type { Settings } from '../../lib/settings/settings.ts'
import { wellKnown } from '../api/endpoints.ts'
import type { JsonSchema } from './json-schema.ts'
import { content, type Operation, ok } from './operation.ts'

const common = { tag: 'public', security: [], errors: ['server_error'] } as const

/** The operation ID of a GET request for a path without parameters. */
const idOf = (path: string): string =>
  `get${path.replaceAll(/[^A-Za-z0-9]+(\w?)/g, (_match, letter: string) => letter.toUpperCase())}`

const metadata = (path: string): Operation => ({
  ...common,
  operationId: idOf(path),
  summary: path.endsWith('openid-configuration')
    ? 'Get the metadata of the authorization server (OpenID Connect Discovery 1.0 §4)'
    : 'Get the metadata of the authorization server (RFC 8414 §3)',
  success: { 200: ok('The metadata.', 'ServerMetadata') },
})

/** What anyone may get, by path. */
export const publicOperations = (
  settings: Settings,
): Readonly<Record<string, { readonly GET: Operation }>> => ({
  ...Object.fromEntries(wellKnown(settings).map((path) => [path, { GET: metadata(path) }])),
  '/openapi.json': {
    GET: {
      ...common,
      operationId: 'getOpenApiDocument',
      summary: 'Get this document',
      success: {
        200: {
          description: 'The OpenAPI document of this service.',
          content: content('application/json', { type: 'object', additionalProperties: true }),
        },
      },
    },
  },
  '/applications': {
    GET: {
      ...common,
      operationId: 'getConsole',
      summary: "Get the operator's console, a page for a browser",
      success: {
        200: { description: 'The page.', content: content('text/html', { type: 'string' }) },
      },
    },
  },
  '/': {
    GET: {
      ...common,
      operationId: 'redirectToConsole',
      summary: "Redirect to the operator's console",
      success: {
        302: {
          description: 'The console is elsewhere.',
          headers: { Location: { schema: { type: 'string', format: 'uri-reference' } } },
        },
      },
    },
  },
})

const uri: JsonSchema = { type: 'string', format: 'uri' }

export const serverMetadataSchema: JsonSchema = {
  type: 'object',
  description: 'Authorization server metadata (RFC 8414 §2).',
  required: ['issuer'],
  properties: {
    issuer: uri,
    registration_endpoint: uri,
    ...Object.fromEntries(
      listNames.map((name) => [name, { type: 'array', items: { type: 'string' } }]),
    ),
  },
}
