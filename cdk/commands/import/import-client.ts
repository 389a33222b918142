import { firstDue } from '../../../lib/clean-up/due.ts'
import { needsClientSecret, type RegisteredClient } from '../../../lib/client.ts'
import type { JsonObject } from '../../../lib/json.ts'
import type { ClientMetadata } from '../../../lib/metadata/client-metadata.ts'
import type { Settings } from '../../../lib/settings/settings.ts'
import { applyRules } from './apply-rules.ts'
import type { Candidate } from './candidate.ts'
import type { RecordImport, RecordResult, Result } from './record.ts'
import { storeSecrets } from './store-secrets.ts'

/** Characters below which a secret is worth a warning; those of this service are longer. */
const minSecretLength = 32

/**
 * Applies the rules to a client, stores its secrets as the settings say, and imports it. Throws the
 * OAuthErrors of the rules, MissingKeyRing, and like the importer.
 */
export async function importCandidate(
  candidate: Candidate,
  context: RecordImport,
): Promise<Result> {
  const { importer, rules, settings, storage, newSecrets, isDryRun, now } = context
  const judged =
    rules === undefined
      ? { metadata: candidate.sent as ClientMetadata & JsonObject, changed: [], dropped: [] }
      : await applyRules(candidate, now, rules)
  const client = withDue({ ...candidate.client, metadata: judged.metadata }, settings, now)
  const isMissing =
    candidate.secret === undefined &&
    (candidate.hadSecret || (rules !== undefined && needsClientSecret(judged.metadata)))
  const secrets = storeSecrets(candidate, client, storage)
  const result = {
    ...listed({ changed: judged.changed, dropped: [...candidate.dropped, ...judged.dropped] }),
    ...(client.token_digest !== undefined && ({ hasToken: true } as const)),
    ...secretNote(candidate, isMissing && newSecrets === undefined, secrets),
  }
  const { counted_software } = candidate
  const stored = { ...client, ...secrets }
  if (isDryRun || (isMissing && newSecrets !== undefined)) {
    const found = await importer.findImported(stored)
    if (isDryRun || found !== undefined) return { outcome: found ?? 'imported', ...result }
  }
  const issued = isMissing && newSecrets !== undefined ? await newSecrets.issue(client, now) : {}
  const imported = { client: { ...stored, ...issued }, counted_software, now }
  return { outcome: await importer.importClient(imported), ...result }
}

/** A client that clean-up of this table covers is looked at as if it had been registered now. */
function withDue(client: RegisteredClient, { cleanUp }: Settings, now: number): RegisteredClient {
  const { registration_method, due_at, pending_at } = client
  if (due_at !== undefined || registration_method === undefined) return client
  return { ...client, ...firstDue(registration_method, now, cleanUp, pending_at !== undefined) }
}

/** Of the secret that is stored, if there is one. */
function secretNote(
  { secret }: Candidate,
  isMissing: boolean,
  { secret_digest }: Partial<RegisteredClient>,
): Pick<RecordResult, 'secret'> {
  if (isMissing) return { secret: 'missing' }
  const { client_secret } = secret ?? {}
  const isShort = client_secret !== undefined && client_secret.length < minSecretLength
  return isShort && secret_digest !== undefined ? { secret: 'weak' } : {}
}

const listed = (names: Required<Pick<RecordResult, 'changed' | 'dropped'>>) =>
  Object.fromEntries(Object.entries(names).filter(([, list]) => list.length > 0))
