import { initialAccessTokenId } from '../../lib/tokens/initial-access-token.ts'
import type { Account } from './account.ts'
import type { Answer, Call } from './api.ts'
import { deployedLambda, type Statement } from './deployed-lambda.ts'
import { expected } from './report.ts'
import { issue, type Registered, register } from './walk.ts'

type Attempt = (
  call: Call,
  given: { client: Registered; bearer: string; masterToken: string },
) => Promise<Answer>

const metadata = { redirect_uris: ['https://client.example/callback'] }
const registration: Attempt = (call, { bearer }) => call('POST', '/register', bearer, metadata)
const replacement: Attempt = (call, { client: { path, token, client_id } }) =>
  call('PUT', path, token, { ...metadata, client_id })
const tokens = '/initial-access-tokens'

/** For each Lambda and action: a request that needs it. */
const needs: Readonly<Record<string, Readonly<Record<string, Attempt>>>> = {
  RegisterClient: {
    'dynamodb:GetItem': registration,
    'dynamodb:UpdateItem': registration,
    'dynamodb:PutItem': registration,
    'secretsmanager:BatchGetSecretValue': registration,
    'secretsmanager:GetSecretValue': registration,
  },
  ClientConfiguration: {
    'dynamodb:GetItem': replacement,
    'dynamodb:UpdateItem': (call, { client }) => call('GET', client.path, client.token),
    'dynamodb:DeleteItem': (call, { client }) => call('DELETE', client.path, client.token),
    'secretsmanager:GetSecretValue': (call, { client }) => call('GET', client.path, client.token),
  },
  InitialAccessTokens: {
    'dynamodb:PutItem': (call, { masterToken }) => call('POST', tokens, masterToken, {}),
    'dynamodb:GetItem': (call, { masterToken, client: { client_id } }) =>
      call('POST', tokens, masterToken, { client_id }),
    'dynamodb:Query': (call, { masterToken }) => call('GET', tokens, masterToken),
    'dynamodb:BatchGetItem': (call, { masterToken }) => call('GET', tokens, masterToken),
    'dynamodb:DeleteItem': (call, { masterToken, bearer }) =>
      call('DELETE', `${tokens}/${initialAccessTokenId(bearer)}`, masterToken),
    'secretsmanager:GetSecretValue': (call, { masterToken }) => call('GET', tokens, masterToken),
  },
  Clients: {
    'dynamodb:GetItem': (call, { masterToken, client }) =>
      call('GET', `/clients/${client.client_id}`, masterToken),
    'dynamodb:Query': (call, { masterToken }) => call('GET', '/clients', masterToken),
    'dynamodb:BatchGetItem': (call, { masterToken }) => call('GET', '/clients', masterToken),
    'dynamodb:UpdateItem': (call, { masterToken, client }) =>
      call('PATCH', `/clients/${client.client_id}`, masterToken, { disabled: true }),
    'dynamodb:DeleteItem': (call, { masterToken, client }) =>
      call('DELETE', `/clients/${client.client_id}`, masterToken),
    'secretsmanager:GetSecretValue': (call, { masterToken }) =>
      call('GET', '/clients', masterToken),
  },
}

/** Takes one action at a time from each Lambda's role, and puts it back: the request that needs it must fail of it. */
export async function missingGrants(aws: Account, call: Call, masterToken: string): Promise<void> {
  for (const [construct, actions] of Object.entries(needs)) {
    const lambda = await deployedLambda(aws, construct)
    for (const [action, attempt] of Object.entries(actions)) {
      const given = {
        client: await register(call, masterToken),
        bearer: await issue(call, masterToken),
        masterToken,
      }
      const began = Date.now()
      await lambda.permit(without(lambda.policy, action))
      // A secret that has been read is kept for minutes.
      if (action.startsWith('secretsmanager:')) await lambda.restart()
      const { status } = await attempt(call, given)
      const logged = await lambda.loggedSince(began)
      await lambda.permit(lambda.policy)
      if (action.startsWith('secretsmanager:')) await lambda.restart()
      expected(
        `${construct} without ${action}: ${status}, and AccessDenied in its log`,
        [status >= 500, /AccessDenied/.test(logged)],
        [true, true],
      )
    }
  }
  await otherKeys(aws, call, masterToken)
  await unpublished(aws, call, masterToken)
}

/** What the table's stream brings is not answered to anybody: the log alone tells of the failure. */
async function unpublished(aws: Account, call: Call, masterToken: string): Promise<void> {
  const lambda = await deployedLambda(aws, 'EventsPublishEvents')
  const began = Date.now()
  await lambda.permit(without(lambda.policy, 'events:PutEvents'))
  await register(call, masterToken)
  let logged = ''
  while (!/AccessDenied/.test(logged) && Date.now() < began + 40_000)
    logged = await lambda.loggedSince(began)
  await lambda.permit(lambda.policy)
  expected(
    'EventsPublishEvents without events:PutEvents: AccessDenied in its log',
    /AccessDenied/.test(logged) ? '' : logged,
    '',
  )
}

/** The keys in a grant count as much as its action. */
async function otherKeys(aws: Account, call: Call, masterToken: string): Promise<void> {
  const lambda = await deployedLambda(aws, 'ClientConfiguration')
  const client = await register(call, masterToken)
  await lambda.permit(JSON.parse(JSON.stringify(lambda.policy).replaceAll('CLIENT#*', 'OTHER#*')))
  const { status } = await call('GET', client.path, client.token)
  await lambda.permit(lambda.policy)
  expected(
    'ClientConfiguration, granted the keys OTHER#* in place of CLIENT#*, fails',
    status >= 500,
    true,
  )
  const answer = await call('GET', client.path, client.token)
  expected('with its own grants put back it reads the client', answer.status, 200)
}

const without = (statements: readonly Statement[], action: string): readonly Statement[] =>
  statements
    .map((statement) => ({
      ...statement,
      Action: [statement.Action].flat().filter((name) => name !== action),
    }))
    .filter(({ Action }) => Action.length > 0)
