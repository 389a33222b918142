import { documentClient } from '../../lib/adapters/dynamodb/document-client.ts'
import { disableClients } from '../../lib/operator/disable-clients.ts'
import {
  changeDisableJob,
  getDisableJob,
  listDisableJobs,
} from '../../lib/operator/disable-jobs.ts'
import { updateClientAdmin } from '../../lib/operator/update-client-admin.ts'
import { registerClient } from '../../lib/register-client.ts'
import type { Server } from '../../lib/server.ts'
import { now, ordinary } from '../support/clients.ts'
import { masterToken as bearer, composeServer } from '../support/compose.ts'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'
import { stored } from '../support/stored.ts'
import { createTable } from '../support/table.ts'

/** Called before each request to the database; may throw to kill. Both numbers count from 1. */
export type OnRequest = (request: number, write: number | undefined) => Promise<void> | void

const kill = () => {
  throw new Error('the slice was killed')
}

export const killedAfter =
  (last: number): OnRequest =>
  (request) =>
    request > last ? kill() : undefined

/** What is killed between two writes differs by what it has read only. */
export const killedAfterWrite =
  (last: number): OnRequest =>
  (_, write = 0) =>
    write > last ? kill() : undefined

/** Does this once, before the write with this number. */
export function beforeWrite(number: number, work: () => Promise<unknown>) {
  const overtaking = { isDone: false }
  const onRequest: OnRequest = async (_, write) => {
    if (write !== number || overtaking.isDone) return
    overtaking.isDone = true
    await work()
  }
  return { overtaking, onRequest }
}

/** 'killed' if it was; throws any other error. */
export async function orKilled<Result>(work: Promise<Result>): Promise<Result | 'killed'> {
  try {
    return await work
  } catch (error) {
    if (String(error).includes('the slice was killed')) return 'killed'
    throw error
  }
}

const mayContinue = () => true

type Connected = Server & { settled<Result>(work: Promise<Result>): Promise<Result> }

const act = (server: Connected, request: Parameters<typeof changeDisableJob>[0]) =>
  server.settled(changeDisableJob(request, server))

/** A table with clients of two hosts, and an operator's requests on it. */
export async function startStory(bad: number, good = 2) {
  const TableName = await createTable(embeddedDynamodb)
  const connected = (onRequest?: OnRequest) => {
    const documents = documentClient({ endpoint: embeddedDynamodb, requestHandler: {} })
    let [requests, writes] = [0, 0]
    const inProgress: Promise<unknown>[] = []
    if (onRequest)
      documents.middlewareStack.add(
        (next, { commandName = '' }) =>
          async (args) => {
            requests += 1
            const isWrite = /^(Put|Update)/.test(commandName)
            if (isWrite) writes += 1
            await onRequest(requests, isWrite ? writes : undefined)
            const answer = next(args)
            inProgress.push(answer)
            return answer
          },
        { step: 'initialize' },
      )
    const composed = composeServer(documents, TableName, {})
    /** What was sent takes effect, although its sender is killed. */
    const settled = async <Result>(work: Promise<Result>): Promise<Result> => {
      const [result] = await Promise.allSettled([work])
      await Promise.allSettled(inProgress)
      if (result.status === 'rejected') throw result.reason
      return result.value
    }
    return { ...composed, settled }
  }
  const server = connected()
  const register = async (host: string) => {
    const body = { ...ordinary, redirect_uris: [`https://${host}/callback`] }
    return (await registerClient({ bearer, body, now }, server)).client_id
  }
  const badIds: string[] = []
  for (let index = 0; index < bad; index += 1) badIds.push(await register('bad.example'))
  for (let index = 0; index < good; index += 1) await register('good.example')

  const story = {
    TableName,
    bad: badIds.sort(),
    create: (body: object = {}, onRequest?: OnRequest) =>
      disableClients(
        { bearer, now, mayContinue, body: { redirect_host: 'bad.example', ...body } },
        connected(onRequest),
      ),
    /** A job that has done nothing yet. */
    begin: (body: object = {}) =>
      disableClients(
        {
          ...{ bearer, now, mayContinue: () => false },
          body: { redirect_host: 'bad.example', ...body },
        },
        server,
      ),
    act: (id: string, action: string, onRequest?: OnRequest, limit = 1000) =>
      act(connected(onRequest), {
        ...{ bearer, id, now: now + 60, mayContinue },
        body: { action, limit },
      }),
    show: (id: string, cursor?: string, limit = '100') =>
      getDisableJob({ bearer, id, now: now + 60, limit, cursor }, server),
    listed: async (id: string) => [...(await story.show(id)).client_ids].sort(),
    change: (client_id: string, disabled: boolean) =>
      updateClientAdmin({ bearer, client_id, now: now + 30, body: { disabled } }, server),
    list: (limit = '50', cursor?: string) =>
      listDisableJobs({ bearer, now, limit, cursor }, server),
    clients: async () => await stored({ TableName }, 'CLIENT#'),
    items: () => stored({ TableName }, ''),
    disabled: async () => {
      const items = await story.clients()
      const found = items.filter(({ disabled_at }) => disabled_at !== undefined)
      return found.map(({ pk }) => String(pk).slice('CLIENT#'.length)).sort()
    },
    /** How often each client was written, by the host of its redirect URI. */
    sequences: async (host: string) => {
      const items = await story.clients()
      const ofHost = items.filter(({ metadata }) => metadata.redirect_uris[0].includes(host))
      return [...new Set(ofHost.map(({ sequence }) => sequence))]
    },
  }
  return story
}
