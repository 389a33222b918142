import { OAuthError } from '../../../lib/errors.ts'
import { isObject, type JsonObject, jsonProblem } from '../../../lib/json.ts'
import { omitUndefined } from '../../../lib/omit-undefined.ts'
import { parseRequest } from '../../../lib/operator/parse-request.ts'
import { initialAccessTokenLineSchema } from '../export/initial-access-token-line.ts'
import { candidateOfLine, candidateOfMapped } from './candidate.ts'
import { importCandidate } from './import-client.ts'
import type { InputRecord, RecordImport, RecordResult, Result } from './record.ts'

/**
 * Imports one record. A record that is no client, or that the rules reject, is a result. Rejects
 * where the table, a policy or a key ring fails, so that the record is to be tried again.
 */
export async function importRecord(
  record: InputRecord,
  context: RecordImport,
): Promise<RecordResult> {
  const line = record.number
  let id: string | undefined
  try {
    const value = parse(record.text)
    if (context.mapping === undefined) {
      id = idOf(value.type === 'client' ? value.client_id : value.id)
      return { line, ...omitUndefined({ id }), ...(await importLine(value, record.text, context)) }
    }
    id = idOf(value.client_id ?? value.clientId)
    const problem = jsonProblem(value, 'the record')
    if (problem !== undefined) throw invalid(problem)
    const mapped = context.mapping(value)
    if ('skipped' in mapped)
      return { line, ...omitUndefined({ id }), outcome: 'skipped', reason: mapped.skipped }
    id = mapped.client_id
    const candidate = candidateOfMapped(mapped, record.text, context.now)
    return { line, id, ...(await importCandidate(candidate, context)) }
  } catch (error) {
    const reason = rejection(error)
    if (reason === undefined) throw error
    return { line, ...omitUndefined({ id }), outcome: 'rejected', reason }
  }
}

async function importLine(value: JsonObject, text: string, context: RecordImport): Promise<Result> {
  switch (value.type) {
    case 'client':
      return importCandidate(candidateOfLine(value, text), context)
    case 'initial_access_token':
      return importToken(value, context)
    case 'export':
    case 'checkpoint':
      return { outcome: 'mark' }
    case 'end':
      return { outcome: 'mark', isEnd: true }
    default:
      throw invalid('type: expected client or initial_access_token')
  }
}

async function importToken(value: JsonObject, context: RecordImport): Promise<Result> {
  const parsed = parseRequest(initialAccessTokenLineSchema, value)
  const { format: _, type: __, token_digest, ...token } = parsed
  if (token_digest === undefined)
    return { outcome: 'skipped', reason: 'exported without secrets: nobody could present it' }
  if (token.expires_at <= context.now) return { outcome: 'skipped', reason: 'expired' }
  if (context.isDryRun) return { outcome: 'imported' }
  const outcome = await context.importer.importInitialAccessToken({ ...token, token_digest })
  return { outcome }
}

function parse(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return value
  } catch {
    // The parser's own message would repeat a part of the line, which may be a secret.
    throw invalid('not JSON')
  }
  throw invalid('expected a JSON object')
}

const idOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value.slice(0, 255) : undefined

/** Why a record is rejected; undefined for an error that is not the record's. */
function rejection(error: unknown): string | undefined {
  if (error instanceof OAuthError && error.code !== 'temporarily_unavailable')
    return error.responseDescription
  // Of one item: too large, or with a key that is.
  if (error instanceof Error && error.name === 'ValidationException') return error.message
  return undefined
}

const invalid = (description: string) => new OAuthError('invalid_request', description)
