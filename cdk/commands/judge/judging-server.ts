import { pathToFileURL } from 'node:url'
import { dynamodbClientAdminStore } from '../../../lib/adapters/dynamodb/client-admin-store.ts'
import { createJsonFetcher } from '../../../lib/adapters/https/fetch-document.ts'
import { withHostCooldown } from '../../../lib/adapters/https/host-cooldown.ts'
import { trust } from '../../../lib/jwt/trust.ts'
import type { PermitPorts } from '../../../lib/permission/permit.ts'
import { composePolicies } from '../../../lib/policy/compose-policies.ts'
import type { LimitingPolicy, Policy } from '../../../lib/policy/policy.ts'
import type { Server } from '../../../lib/server.ts'
import type { Settings } from '../../../lib/settings/settings.ts'
import { SettingsError } from '../../../lib/settings/settings-error.ts'
import { extensionModule, isPublishedPackage } from '../../bundling/package-root.ts'
import { commandDocumentClient } from '../command-document-client.ts'

export type Judging = {
  readonly settings: Settings
  readonly table: string
  /** A folder of extensions that replaces functions/extensions. */
  readonly extensions?: string | undefined
  /** Whether the documents that clients name are fetched. */
  readonly fetchesDocuments: boolean
}

/** What judges the clients of this table by other settings. Throws SettingsError. */
export async function judgingServer({
  settings: chosen,
  table,
  extensions,
  fetchesDocuments,
}: Judging): Promise<PermitPorts & Pick<Server, 'clientAdmin'>> {
  const settings: Settings = fetchesDocuments
    ? chosen
    : { ...chosen, metadata: { ...chosen.metadata, documents: 'off' } }
  const policies = composePolicies(settings, await teamPolicies(extensions))
  const unknown = settings.policies.filter((name) => !policies.has(name))
  if (unknown.length > 0)
    throw new SettingsError(
      unknown.map((name) => `policies: ${name} is not one of ${[...policies.keys()].join(', ')}`),
    )
  // Statements of registered clients are known: no address of this service is compared with them.
  const baseUrl = settings.baseUrl ?? 'https://registration.invalid'
  const readDocument = createJsonFetcher({ ports: settings.metadata.documentPorts })
  const documents = commandDocumentClient()
  return {
    settings,
    issuer: settings.issuer ?? baseUrl,
    registrationEndpoint: `${baseUrl}${settings.registrationPath}`,
    clientAdmin: dynamodbClientAdminStore(documents, table),
    fetchJson: withHostCooldown(readDocument),
    trust: trust(settings, readDocument),
    policies,
    annotate: () => {},
    warn: () => {},
  }
}

type TeamPolicies = Readonly<Record<string, Policy | LimitingPolicy>>

async function teamPolicies(extensions: string | undefined): Promise<TeamPolicies> {
  if (isPublishedPackage && extensions === undefined) return {}
  const file = pathToFileURL(extensionModule('policies', extensions))
  const { policies } = (await import(file.href)) as { readonly policies: TeamPolicies }
  return policies
}
