import { randomUUID } from 'node:crypto'
import type { EndpointName } from '../../cdk/api/endpoints.ts'
import { initialAccessTokenId } from '../../lib/tokens/initial-access-token.ts'
import type { Answer, Call } from './api.ts'
import type { Signatures } from './signatures.ts'
import type { Registered } from './smoke-test.ts'

/** What a request is made with: all of it fresh. */
export type Given = {
  readonly client: Registered
  /** An initial access token, owned by somebody. */
  readonly bearer: string
  readonly masterToken: string
  readonly signatures: Signatures
}

type Attempt = (call: Call, given: Given) => Promise<Answer>

const metadata = { redirect_uris: ['https://client.example/callback'] }
const tokens = '/initial-access-tokens'

const registration: Attempt = (call, { bearer }) => call('POST', '/register', bearer, metadata)
const repeatableRegistration: Attempt = (call, { bearer }) =>
  call('POST', '/register', bearer, metadata, { 'Idempotency-Key': randomUUID() })
const reading: Attempt = (call, { client }) => call('GET', client.path, client.token)
const replacement: Attempt = (call, { client: { path, token, client_id } }) =>
  call('PUT', path, token, { ...metadata, client_id })
const deletion: Attempt = (call, { client }) => call('DELETE', client.path, client.token)
const administration =
  (method: string, path: string, body?: object): Attempt =>
  (call, { masterToken, client }) =>
    call(method, path.replace('{client_id}', client.client_id), masterToken, body)
const listing = administration('GET', tokens)
const renewal = administration('POST', '/clients/{client_id}/client-secret')
const reissue = administration('POST', '/clients/{client_id}/registration-access-token')

const report: Attempt = (call, { masterToken, client: { client_id } }) => {
  const used_at = Math.floor(Date.now() / 1000)
  return call('POST', '/clients/used', masterToken, { clients: [{ client_id, used_at }] })
}

/** The clients of these attempts redirect to one host, and are there for one attempt each. */
const disabling = administration('POST', '/clients/disable', { redirect_host: 'client.example' })

/** Undoes a job that lists what it would disable: there is one, whatever the grants are. */
const undoing: Attempt = async (call, { masterToken }) => {
  const { body } = await call('POST', '/clients/disable', masterToken, { owner: 'nobody' })
  return call('POST', `/disable-jobs/${body.id}`, masterToken, { action: 'undo' })
}

/** The id of an endpoint's Lambda in the stack: `register-client` is `RegisterClient`. */
type ConstructId<Name extends string> = Name extends `${infer Word}-${infer Words}`
  ? `${Capitalize<Word>}${ConstructId<Words>}`
  : Capitalize<Name>

export type Attempts = Readonly<Record<string, Attempt>>

/**
 * For each Lambda and each of its grants: a request that needs it. An endpoint that is missing here
 * does not compile.
 */
export const needs: Readonly<Record<ConstructId<EndpointName>, Attempts>> = {
  RegisterClient: {
    'dynamodb:PutItem CLIENT#*': registration,
    'dynamodb:PutItem JTI#*': (call, { signatures }) =>
      call('POST', '/register', signatures.accessToken(), metadata),
    'dynamodb:GetItem IAT#*': registration,
    'dynamodb:GetItem IDEMPOTENCY#*': repeatableRegistration,
    'dynamodb:PutItem IDEMPOTENCY#*': repeatableRegistration,
    'dynamodb:UpdateItem IAT#*': registration,
    'dynamodb:UpdateItem OWNER#*': registration,
    'secretsmanager:BatchGetSecretValue': registration,
    'secretsmanager:GetSecretValue KeyRing': registration,
    'secretsmanager:GetSecretValue ClientSecretKeyRing': registration,
    'secretsmanager:GetSecretValue MasterToken': registration,
    'secretsmanager:GetSecretValue StaticInitialAccessToken': registration,
  },
  ClientConfiguration: {
    'dynamodb:GetItem CLIENT#*': replacement,
    'dynamodb:UpdateItem CLIENT#*': replacement,
    'dynamodb:DeleteItem CLIENT#*': deletion,
    'dynamodb:PutItem JTI#*': (call, { client: { path, token, client_id }, signatures }) =>
      call('PUT', path, token, signatures.request({ ...metadata, client_id })),
    'dynamodb:UpdateItem OWNER#*': deletion,
    'secretsmanager:BatchGetSecretValue': reading,
    'secretsmanager:GetSecretValue KeyRing': reading,
    'secretsmanager:GetSecretValue ClientSecretKeyRing': reading,
  },
  InitialAccessTokens: {
    'dynamodb:PutItem IAT#*': administration('POST', tokens, {}),
    'dynamodb:GetItem CLIENT#*': (call, { masterToken, client: { client_id } }) =>
      call('POST', tokens, masterToken, { client_id }),
    'dynamodb:Query listing IAT#*': listing,
    'dynamodb:BatchGetItem IAT#*': listing,
    'dynamodb:DeleteItem IAT#*': (call, { masterToken, bearer }) =>
      call('DELETE', `${tokens}/${initialAccessTokenId(bearer)}`, masterToken),
    'secretsmanager:GetSecretValue MasterToken': listing,
  },
  Clients: {
    'dynamodb:GetItem CLIENT#*': administration('GET', '/clients/{client_id}'),
    'dynamodb:BatchGetItem CLIENT#*': administration('GET', '/clients'),
    'dynamodb:UpdateItem CLIENT#*': administration('PATCH', '/clients/{client_id}', { note: 'x' }),
    'dynamodb:DeleteItem CLIENT#*': administration('DELETE', '/clients/{client_id}'),
    'dynamodb:UpdateItem OWNER#*': administration('DELETE', '/clients/{client_id}'),
    'dynamodb:Query listing CLIENT#*': administration('GET', '/clients?label=DCR'),
    'dynamodb:Query listing LABELLED#*': administration('GET', '/clients'),
    'dynamodb:Query listing PENDING#*': administration('GET', '/clients?state=pending'),
    'dynamodb:Query by-owner': administration('GET', '/clients?owner=developer-01'),
    'dynamodb:Query by-software': administration('GET', '/clients?software_id=one'),
    'dynamodb:Query by-initial-access-token': administration(
      'GET',
      '/clients?initial_access_token=a1234567890',
    ),
    'dynamodb:Query by-label': administration('GET', '/clients?label=partner'),
    'secretsmanager:BatchGetSecretValue': reissue,
    'secretsmanager:GetSecretValue KeyRing': reissue,
    'secretsmanager:GetSecretValue MasterToken': reissue,
  },
  ClientSecrets: {
    'dynamodb:GetItem CLIENT#*': renewal,
    'dynamodb:UpdateItem CLIENT#*': renewal,
    'secretsmanager:BatchGetSecretValue': renewal,
    'secretsmanager:GetSecretValue KeyRing': renewal,
    'secretsmanager:GetSecretValue ClientSecretKeyRing': renewal,
    'secretsmanager:GetSecretValue MasterToken': renewal,
  },
  ClientsUsed: {
    'dynamodb:BatchGetItem CLIENT#*': report,
    'dynamodb:UpdateItem CLIENT#*': report,
    'secretsmanager:GetSecretValue MasterToken': report,
  },
  DisableClients: {
    'dynamodb:PutItem JOB#*': disabling,
    'dynamodb:GetItem JOB#*': undoing,
    'dynamodb:BatchGetItem JOB#*': undoing,
    'dynamodb:BatchGetItem CLIENT#*': disabling,
    'dynamodb:UpdateItem CLIENT#*': disabling,
    'dynamodb:Query listing CLIENT#*': disabling,
    'dynamodb:Query listing LABELLED#*': disabling,
    'dynamodb:Query listing PENDING#*': disabling,
    'dynamodb:Query listing JOB#*': administration('GET', '/disable-jobs'),
    'dynamodb:Query by-owner': administration('POST', '/clients/disable', { owner: 'nobody' }),
    'dynamodb:Query by-software': administration('POST', '/clients/disable', {
      software_id: 'none',
    }),
    'secretsmanager:GetSecretValue MasterToken': disabling,
  },
  Discovery: {},
}

/** The Lambdas that exist only with clean-up and reports of use as events. No request reaches them. */
export type UnattendedName = 'LifeCleanUp' | 'UseRecordUse'

/** Each of their grants. A night that makes one client stale and deletes another needs all of the first. */
export const unattendedNeeds: Readonly<Record<UnattendedName, readonly string[]>> = {
  LifeCleanUp: [
    'dynamodb:Query by-due DUE#*',
    'dynamodb:Query by-due STALE#*',
    'dynamodb:Query listing CLIENT#*',
    'dynamodb:Query listing LABELLED#*',
    'dynamodb:Query listing PENDING#*',
    'dynamodb:BatchGetItem CLIENT#*',
    'dynamodb:UpdateItem CLIENT#*',
    'dynamodb:DeleteItem CLIENT#*',
    'dynamodb:UpdateItem OWNER#*',
    'dynamodb:GetItem STATE#*',
    'dynamodb:PutItem STATE#*',
    'dynamodb:PutItem TOMBSTONE#*',
  ],
  UseRecordUse: [
    'dynamodb:BatchGetItem CLIENT#*',
    'dynamodb:UpdateItem CLIENT#*',
    'dynamodb:GetItem STATE#use-reports',
    'dynamodb:UpdateItem STATE#use-reports',
  ],
}

/** Grants that the emulator does not ask for; test/cdk/least-privilege.test.ts checks them. */
export const notEnforced: Readonly<Record<string, string>> = {
  'logs:': 'the emulator writes logs by itself',
  'dynamodb:DescribeStream': 'the emulator reads streams by itself',
  'dynamodb:GetRecords': 'idem',
  'dynamodb:GetShardIterator': 'idem',
  'dynamodb:ListStreams': 'idem',
  'sqs:SendMessage': 'it takes a record that cannot be read, which no request makes',
}
