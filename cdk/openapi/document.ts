import type { Settings } from '../../lib/settings/settings.ts'
import { type Endpoint, endpoints } from '../api/endpoints.ts'
import { packageVersion } from '../bundling/package-root.ts'
import { clientInformationSchemas } from './client-information.ts'
import { clientMetadataSchemas } from './client-metadata.ts'
import { clientOperations } from './client-operations.ts'
import { operatorClientSchemas } from './client-schemas.ts'
import { deferralSchemas } from './deferral-schemas.ts'
import { disableOperations } from './disable-operations.ts'
import { disableSchemas } from './disable-schemas.ts'
import { errorComponents, errorReferences, errorSchemas } from './error-responses.ts'
import type { JsonSchema } from './json-schema.ts'
import { type Operation, tags } from './operation.ts'
import { publicOperations, serverMetadataSchema } from './public-operations.ts'
import { configuration, register, renewSecret } from './registration-operations.ts'
import { securitySchemes } from './security.ts'
import { tokenOperations } from './token-operations.ts'
import { operatorTokenSchemas } from './token-schemas.ts'

/**
 * The OpenAPI 3.1 document of a stage with these settings, but for `servers`: the deployed service
 * alone knows its URL, and adds it. Throws an Error if a route of the endpoint table has no
 * description here.
 */
export function openApiDocument(settings: Settings): JsonSchema {
  const served = servedOperations(settings)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Client registration',
      version: packageVersion,
      description:
        'OAuth 2.0 Dynamic Client Registration (RFC 7591, RFC 7592, OpenID Connect Dynamic Client Registration 1.0), and the requests of the operator.',
      license: { name: 'Apache 2.0', identifier: 'Apache-2.0' },
    },
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths: paths(served, settings),
    components: {
      securitySchemes: usedSchemes(served),
      responses: errorComponents(
        served.map(({ operation }) => operation.errors),
        settings,
      ),
      schemas: {
        ...clientMetadataSchemas(settings),
        ...clientInformationSchemas(settings),
        ...operatorTokenSchemas,
        ...operatorClientSchemas,
        ...disableSchemas,
        ...deferralSchemas(settings),
        ServerMetadata: serverMetadataSchema,
        ...errorSchemas,
      },
    },
  }
}

type Served = { readonly path: string; readonly method: string; readonly operation: Operation }

/** What each path does, whether or not the settings serve it. */
const described = (settings: Settings): Readonly<Record<string, Methods>> => ({
  [settings.registrationPath]: { POST: register(settings) },
  [`${settings.registrationPath}/{client_id}`]: configuration(settings),
  [`${settings.registrationPath}/{client_id}/client-secret`]: { POST: renewSecret(settings) },
  ...tokenOperations(settings),
  ...clientOperations(settings),
  ...disableOperations(settings),
  ...publicOperations(settings),
})

type Methods = Readonly<Record<string, Operation>>

/** The operations of every route and method of the endpoint table. */
function servedOperations(settings: Settings): readonly Served[] {
  const known = described(settings)
  return Object.values<Endpoint>(endpoints)
    .flatMap(({ routes }) => Object.entries(routes(settings)))
    .flatMap(([route, methods]) => {
      const path = route === '$default' ? '/' : route
      return methods.split(', ').map((method) => {
        const operation = find(known[path] ?? {}, method)
        if (operation === undefined)
          throw new Error(`cdk/openapi describes no request ${method} ${path}`)
        return { path, method, operation }
      })
    })
}

/** A HEAD request is that GET request whose response has no content. */
function find(operations: Methods, method: string): Operation | undefined {
  const { GET } = operations
  if (method !== 'HEAD' || GET === undefined) return operations[method]
  const success = Object.entries(GET.success).map(([status, { content: _, ...rest }]) => [
    status,
    rest,
  ])
  const operationId = GET.operationId.replace(
    /^(get)?(.)/,
    (_match, _get, letter: string) => `head${letter.toUpperCase()}`,
  )
  return { ...GET, operationId, success: Object.fromEntries(success) }
}

function paths(served: readonly Served[], settings: Settings): JsonSchema {
  const byPath = Map.groupBy(served, ({ path }) => path)
  return Object.fromEntries(
    [...byPath].map(([path, operations]) => [
      path,
      Object.fromEntries(
        operations.map(({ method, operation }) => [
          method.toLowerCase(),
          operationObject(operation, settings),
        ]),
      ),
    ]),
  )
}

const operationObject = ({ tag, success, errors, ...rest }: Operation, settings: Settings) => ({
  tags: [tag],
  ...rest,
  responses: { ...success, ...errorReferences(errors, settings) },
})

/** The security schemes that an operation names. */
function usedSchemes(served: readonly Served[]): JsonSchema {
  const used = new Set(served.flatMap(({ operation }) => operation.security.flatMap(Object.keys)))
  return Object.fromEntries(Object.entries(securitySchemes).filter(([name]) => used.has(name)))
}
