import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listen } from '../support/loopback.ts'

type Input = Readonly<Record<string, unknown>>

type Secret = { readonly id: string; readonly value: string; readonly created: number }

type AppClient = {
  readonly members: Input
  readonly hasSecret: boolean
  readonly modified: number
  secrets: readonly Secret[]
}

export type CognitoStub = {
  readonly url: string
  readonly userPoolArn: string
  /** Types of errors with which the next calls are answered, one each. */
  readonly faults: string[]
  /** Operations that were called. */
  readonly calls: string[]
  readonly clients: ReadonlyMap<string, AppClient>
  /** Creates an app client as an administrator does; returns its identifier. */
  createByHand(members: Input): string
  /** Changes members of an app client as an administrator does. */
  changeByHand(ClientId: string, changes: Input): void
  close(): Promise<void>
}

const pool = 'eu-central-1_AbCdEf123'
const customScopes = ['api/read', 'api/write']
const userScopes = ['openid', 'email', 'profile', 'phone', 'aws.cognito.signin.user.admin']

class Fault extends Error {
  readonly type: string

  constructor(type: string) {
    super(type)
    this.type = type
  }
}

/**
 * The part of the API of Cognito user pools that the connector uses, in memory, as AWS documents it:
 * it rejects what is documented as rejected, and an update resets what it leaves out.
 */
export async function startCognitoStub(quota = 1_000): Promise<CognitoStub> {
  const clients = new Map<string, AppClient>()
  const faults: string[] = []
  const calls: string[] = []
  let clock = 0

  function create(input: Input): string {
    if (clients.size >= quota) throw new Fault('LimitExceededException')
    const ClientId = randomBytes(26).toString('hex').slice(0, 26)
    const { GenerateSecret = false, ...others } = input
    const hasSecret = GenerateSecret === true
    const secrets = hasSecret ? [secret(ClientId, randomBytes(24).toString('hex'))] : []
    clients.set(ClientId, {
      members: defaulted(others, hasSecret),
      hasSecret,
      modified: now(),
      secrets,
    })
    return ClientId
  }

  /** The clock of tests stands still between two calls. */
  const secret = (ClientId: string, value: string): Secret => {
    clock += 1
    return { id: `${ClientId}--${clock}`, value, created: clock }
  }

  function find({ UserPoolId, ClientId }: Input): AppClient {
    const client = UserPoolId === pool ? clients.get(String(ClientId)) : undefined
    if (client === undefined) throw new Fault('ResourceNotFoundException')
    return client
  }

  const described = (ClientId: string, { members, modified }: AppClient) => ({
    UserPoolId: pool,
    ClientId,
    ...members,
    LastModifiedDate: modified + 0.25,
    CreationDate: modified + 0.25,
  })

  const operations: Readonly<Record<string, (input: Input) => object>> = {
    CreateUserPoolClient(input) {
      if (input.UserPoolId !== pool) throw new Fault('ResourceNotFoundException')
      const { UserPoolId: _, ...members } = input
      const ClientId = create(members)
      return { UserPoolClient: described(ClientId, find({ ...input, ClientId })) }
    },
    DescribeUserPoolClient: (input) => ({
      UserPoolClient: described(String(input.ClientId), find(input)),
    }),
    UpdateUserPoolClient(input) {
      const client = find(input)
      const { UserPoolId: _, ClientId: __, ...members } = input
      const changed = { ...client, members: defaulted(members, client.hasSecret), modified: now() }
      clients.set(String(input.ClientId), changed)
      return { UserPoolClient: described(String(input.ClientId), changed) }
    },
    DeleteUserPoolClient(input) {
      find(input)
      clients.delete(String(input.ClientId))
      return {}
    },
    ListUserPoolClients({ UserPoolId, MaxResults, NextToken = 0 }) {
      const size = Number(MaxResults)
      if (UserPoolId !== pool || !(size >= 1 && size <= 60))
        throw new Fault('InvalidParameterException')
      const end = Number(NextToken) + size
      const page = [...clients].slice(Number(NextToken), end).map(([ClientId, { members }]) => ({
        ...{ ClientId, UserPoolId, ClientName: members.ClientName },
      }))
      return { UserPoolClients: page, ...(end < clients.size && { NextToken: String(end) }) }
    },
    ListUserPoolClientSecrets: (input) => ({
      ClientSecrets: find(input).secrets.map(({ id, created }) => ({
        ...{ ClientSecretId: id, ClientSecretCreateDate: created },
      })),
    }),
    AddUserPoolClientSecret(input) {
      const client = find(input)
      const value = String(input.ClientSecret)
      if (!client.hasSecret || !/^[\w+]{24,64}$/.test(value))
        throw new Fault('InvalidParameterException')
      if (client.secrets.length >= 2) throw new Fault('LimitExceededException')
      const added = secret(String(input.ClientId), value)
      client.secrets = [...client.secrets, added]
      return { ClientSecretDescriptor: { ClientSecretId: added.id } }
    },
    DeleteUserPoolClientSecret(input) {
      const client = find(input)
      const others = client.secrets.filter(({ id }) => id !== input.ClientSecretId)
      if (others.length === client.secrets.length) throw new Fault('ResourceNotFoundException')
      if (others.length === 0) throw new Fault('InvalidParameterException')
      client.secrets = others
      return {}
    },
  }

  function answer(operation: string, input: Input): object {
    calls.push(operation)
    const fault = faults.shift()
    if (fault !== undefined) throw new Fault(fault)
    const unknown = Object.keys(input).find((name) => !inputs[operation]?.includes(name))
    if (unknown !== undefined) throw new Fault('SerializationException')
    return operations[operation]?.(input) ?? {}
  }

  /** The client credentials grant of the pool's domain. */
  function hasToken({ headers }: IncomingMessage): boolean {
    const [id = '', password] = atob(String(headers.authorization).slice(6)).split(':')
    const client = clients.get(id)
    const flows = client?.members.AllowedOAuthFlows as readonly string[] | undefined
    const isKnown = client?.secrets.some(({ value }) => value === password) ?? false
    return isKnown && flows?.includes('client_credentials') === true
  }

  async function respond(request: IncomingMessage, response: ServerResponse) {
    const text = Buffer.concat(await request.toArray()).toString()
    const send = (status: number, body: object) =>
      response
        .writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
        .end(JSON.stringify(body))
    if (request.url === '/oauth2/token') return send(hasToken(request) ? 200 : 400, {})
    const { authorization = '', 'x-amz-target': target = '' } = request.headers
    if (!/^AWS4-HMAC-SHA256 Credential=\w+\/\d{8}\/eu-central-1\/cognito-idp\//.test(authorization))
      return send(403, { __type: 'MissingAuthenticationTokenException' })
    try {
      return send(200, answer(String(target).split('.')[1] ?? '', JSON.parse(text)))
    } catch (error) {
      const type = error instanceof Fault ? error.type : 'InternalErrorException'
      return send(type.startsWith('Internal') ? 500 : 400, { __type: type, message: text })
    }
  }

  const { port, close } = await listen(
    createServer((request, response) => {
      respond(request, response).catch(() => response.destroy())
    }),
  )
  return {
    url: `http://127.0.0.1:${port}`,
    userPoolArn: `arn:aws:cognito-idp:eu-central-1:000000000000:userpool/${pool}`,
    ...{ faults, calls, clients, close },
    createByHand: create,
    changeByHand(ClientId, changes) {
      const client = clients.get(ClientId)
      if (client === undefined) return
      clients.set(ClientId, { ...client, members: { ...client.members, ...changes } })
    },
  }
}

const now = () => Math.floor(Date.now() / 1000)

const identity = ['UserPoolId', 'ClientId']
const members = [
  ...['ClientName', 'RefreshTokenValidity', 'AccessTokenValidity', 'IdTokenValidity'],
  ...['TokenValidityUnits', 'ReadAttributes', 'WriteAttributes', 'ExplicitAuthFlows'],
  ...['SupportedIdentityProviders', 'CallbackURLs', 'LogoutURLs', 'DefaultRedirectURI'],
  ...['AllowedOAuthFlows', 'AllowedOAuthScopes', 'AllowedOAuthFlowsUserPoolClient'],
  ...['AnalyticsConfiguration', 'PreventUserExistenceErrors', 'EnableTokenRevocation'],
  ...['EnablePropagateAdditionalUserContextData', 'AuthSessionValidity', 'RefreshTokenRotation'],
]

/** What each operation takes. */
const inputs: Readonly<Record<string, readonly string[]>> = {
  CreateUserPoolClient: ['UserPoolId', 'GenerateSecret', 'ClientSecret', ...members],
  DescribeUserPoolClient: identity,
  UpdateUserPoolClient: [...identity, ...members],
  DeleteUserPoolClient: identity,
  ListUserPoolClients: ['UserPoolId', 'MaxResults', 'NextToken'],
  ListUserPoolClientSecrets: [...identity, 'NextToken'],
  AddUserPoolClientSecret: [...identity, 'ClientSecret'],
  DeleteUserPoolClientSecret: [...identity, 'ClientSecretId'],
}

/** The members of an app client after a request, with the default of each that it leaves out. */
function defaulted(input: Input, hasSecret: boolean): Input {
  const client = {
    RefreshTokenValidity: 30,
    ExplicitAuthFlows: [
      ...['ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_CUSTOM_AUTH'],
    ],
    PreventUserExistenceErrors: 'LEGACY',
    EnableTokenRevocation: true,
    AllowedOAuthFlowsUserPoolClient: false,
    ...input,
  }
  const list = (name: string) => ((client as Input)[name] ?? []) as readonly string[]
  const invalid = (isInvalid: boolean, type = 'InvalidParameterException') => {
    if (isInvalid) throw new Fault(type)
  }
  invalid(!/^[\w\s+=,.@-]{1,128}$/.test(String((client as Input).ClientName)))
  const flows = list('AllowedOAuthFlows')
  const isMachine = flows.includes('client_credentials')
  invalid(isMachine && (flows.length > 1 || !hasSecret), 'InvalidOAuthFlowException')
  invalid(flows.length > 0 && list('AllowedOAuthScopes').length === 0)
  invalid(flows.length > 0 && client.AllowedOAuthFlowsUserPoolClient !== true)
  const scopes = isMachine ? customScopes : [...customScopes, ...userScopes]
  const isUnknown = !list('AllowedOAuthScopes').every((scope) => scopes.includes(scope))
  invalid(isUnknown, isMachine ? 'InvalidOAuthFlowException' : 'ScopeDoesNotExistException')
  invalid(flows.includes('code') && list('CallbackURLs').length === 0)
  for (const uri of [...list('CallbackURLs'), ...list('LogoutURLs')]) {
    const isLoopback = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|\/|$)/.test(uri)
    invalid(uri.includes('#') || uri.length > 1024 || (uri.startsWith('http:') && !isLoopback))
  }
  invalid(list('CallbackURLs').length > 100)
  return client
}
