import type { AwsCredentials } from '../../lib/adapters/signature-v4.ts'
import { OAuthError } from '../../lib/errors.ts'
import type { CognitoSettings } from '../../lib/settings/connector-settings.ts'
import { CognitoError, cognitoApi } from './cognito-api.ts'
import {
  type CognitoClient,
  cognitoFingerprint,
  markOf,
  reservedClient,
  toCognitoClient,
} from './cognito-client.ts'
import type { Connector } from './connector.ts'

/** An app client as Cognito describes it. */
type Described = Partial<CognitoClient> & Readonly<Record<string, unknown>>

type Secret = { readonly ClientSecretId: string; readonly ClientSecretCreateDate: number }

/** The most that Cognito lists at once. */
const pageSize = 60
/** Age in milliseconds of a count of app clients, after which they are counted again. */
const countTtlMs = 300_000
/** The same for a count by which the pool is full: some may have been removed. */
const fullTtlMs = 10_000
/** Share of the quota from which no more clients are taken. */
const full = 0.9

/** Members that only an administrator sets: an update resets those that it leaves out. */
const keptMembers = [
  ...['RefreshTokenValidity', 'AccessTokenValidity', 'IdTokenValidity', 'TokenValidityUnits'],
  ...['ReadAttributes', 'WriteAttributes', 'AnalyticsConfiguration', 'AuthSessionValidity'],
  ...['EnablePropagateAdditionalUserContextData', 'RefreshTokenRotation'],
]

export type CognitoPorts = {
  readonly credentials: () => AwsCredentials
  /** Receives the share of the quota of app clients that is used, in percent. */
  readonly onUsage: (percent: number) => void
}

/**
 * Pushes clients to a user pool of Amazon Cognito. `source` marks the app clients of this service in
 * their names.
 */
export function cognitoConnector(
  settings: CognitoSettings,
  { credentials, onUsage }: CognitoPorts,
  source: string,
  clock = Date.now,
): Connector {
  const { userPoolArn, maxClients } = settings
  const name = `cognito ${userPoolArn.split('/')[1]}`
  const call = cognitoApi(settings, credentials)
  let count: { size: number; readonly countedAt: number } | undefined

  async function* listAll(signal?: AbortSignal) {
    let NextToken: unknown
    do {
      const input = { MaxResults: pageSize, ...(NextToken !== undefined && { NextToken }) }
      const page = await call('ListUserPoolClients', input, signal)
      yield* page.UserPoolClients as readonly { ClientId: string; ClientName: string }[]
      NextToken = page.NextToken
    } while (NextToken !== undefined)
  }

  async function describe(ClientId: string, signal?: AbortSignal): Promise<Described | undefined> {
    try {
      const { UserPoolClient } = await call('DescribeUserPoolClient', { ClientId }, signal)
      return UserPoolClient as Described
    } catch (error) {
      if (isType(error, 'ResourceNotFoundException')) return undefined
      throw error
    }
  }

  /** Counts every five minutes, and the clients of this instance in between. */
  async function checkCapacity(): Promise<void> {
    const limit = maxClients * full
    const ttl = count !== undefined && count.size >= limit ? fullTtlMs : countTtlMs
    if (count === undefined || clock() - count.countedAt > ttl) {
      let size = 0
      for await (const _ of listAll()) size += 1
      count = { size, countedAt: clock() }
    }
    onUsage(Math.floor((count.size / maxClients) * 100))
    if (count.size >= limit) throw fullPool()
  }

  const countChange = (change: 1 | -1) => {
    if (count !== undefined) count.size += change
  }

  /** Makes this the only secret of the app client. It may have two at a time, and never none. */
  async function replaceSecret(ClientId: string, ClientSecret: string, signal?: AbortSignal) {
    const { ClientSecrets } = await call('ListUserPoolClientSecrets', { ClientId }, signal)
    const secrets = (ClientSecrets as readonly Secret[]).toSorted(
      (one, other) => one.ClientSecretCreateDate - other.ClientSecretCreateDate,
    )
    const removeSecrets = async (removed: readonly Secret[]) => {
      for (const { ClientSecretId } of removed)
        await call('DeleteUserPoolClientSecret', { ClientId, ClientSecretId }, signal)
    }
    await removeSecrets(secrets.slice(0, -1))
    await call('AddUserPoolClientSecret', { ClientId, ClientSecret }, signal)
    await removeSecrets(secrets.slice(-1))
  }

  return {
    name,

    async createClientId(hasSecret) {
      try {
        await checkCapacity()
        const input = { ...reservedClient(hasSecret, source), GenerateSecret: hasSecret }
        const { UserPoolClient } = await call('CreateUserPoolClient', input)
        countChange(1)
        return String((UserPoolClient as Described).ClientId)
      } catch (error) {
        if (error instanceof OAuthError) throw error
        if (isType(error, 'LimitExceededException')) throw fullPool()
        throw new OAuthError(
          'temporarily_unavailable',
          'the authorization server cannot take new clients at the moment; retry later',
          { retryAfterSeconds: 5, cause: error },
        )
      }
    },

    async push(pushed, signal) {
      const { client_id: ClientId } = pushed.client
      const client = toCognitoClient(pushed, settings, source)
      const described = await describe(ClientId, signal)
      if (described === undefined)
        throw new Error(
          `${name}: an app client is missing, and cannot be created by its identifier`,
        )
      const [before, wanted] = [
        markOf(described.ClientName, source),
        markOf(client.ClientName, source),
      ]
      if (before === undefined)
        throw new Error(`${name}: a client that is not from this service has the identifier`)
      if (before.hasSecret !== wanted?.hasSecret)
        throw new Error(`${name}: an app client cannot change whether it has a secret`)
      const { secretDigest } = wanted
      // The name with the digest is last: a push that ends before it is repeated by the night.
      if (secretDigest !== undefined && secretDigest !== before.secretDigest)
        await replaceSecret(ClientId, pushed.client_secret ?? '', signal)
      const kept = keptMembers.flatMap((member) =>
        described[member] === undefined ? [] : [[member, described[member]]],
      )
      const input = { ClientId, ...Object.fromEntries(kept), ...client }
      try {
        await call('UpdateUserPoolClient', input, signal)
      } catch (error) {
        throw isRejection(error) ? rejection(error.type) : error
      }
    },

    async remove(ClientId, signal) {
      const described = await describe(ClientId, signal)
      if (markOf(described?.ClientName, source) === undefined) return
      try {
        await call('DeleteUserPoolClient', { ClientId }, signal)
        countChange(-1)
      } catch (error) {
        if (!isType(error, 'ResourceNotFoundException')) throw error
      }
    },

    async *list() {
      let size = 0
      for await (const { ClientId, ClientName } of listAll()) {
        size += 1
        if (markOf(ClientName, source) === undefined) continue
        const described = await describe(ClientId)
        if (described === undefined) continue
        yield {
          client_id: ClientId,
          fingerprint: cognitoFingerprint(described),
          pushed_at: Math.floor(Number(described.LastModifiedDate)),
        }
      }
      onUsage(Math.floor((size / maxClients) * 100))
    },

    fingerprint: (pushed) => cognitoFingerprint(toCognitoClient(pushed, settings, source)),
  }
}

const isType = (error: unknown, type: string) =>
  error instanceof CognitoError && error.type === type

const rejections = [
  ...['InvalidParameterException', 'ScopeDoesNotExistException', 'InvalidOAuthFlowException'],
]

const isRejection = (error: unknown): error is CognitoError =>
  error instanceof CognitoError && rejections.includes(error.type)

const rejection = (type: string) =>
  new OAuthError(
    'invalid_client_metadata',
    type === 'ScopeDoesNotExistException'
      ? 'scope: the authorization server has no such scope'
      : 'the authorization server rejects these client metadata',
  )

const fullPool = () =>
  new OAuthError(
    'temporarily_unavailable',
    'the authorization server has almost reached its client quota; retry after clients were removed',
    { retryAfterSeconds: 3_600 },
  )
