import { GetCommand } from '@aws-sdk/lib-dynamodb'
import { startDynamodb } from '../../../cdk/local/embedded-dynamodb.ts'
import { localSecrets } from '../../../cdk/local/local-secrets.ts'
import { serveSecrets } from '../../../cdk/local/secrets-endpoint.ts'
import { instanceOptions, ofType, references } from '../../../cdk/local/stack.ts'
import { synthesize } from '../../../cdk/local/synthesis.ts'
import { documentClient } from '../../../lib/adapters/dynamodb/document-client.ts'
import { clientKey } from '../../../lib/adapters/dynamodb/table.ts'
import { initialAccessToken, registered } from '../../support/clients.ts'
import { composeServer } from '../../support/compose.ts'
import { createTable } from '../../support/table.ts'
import { bundleSides } from './bundle-sides.ts'
import { delayProxy } from './delay-proxy.ts'
import type { Job } from './job.ts'
import { type Run, runJob, startWorker } from './run-job.ts'

export type Side = 'ours' | 'theirs' | 'put'

/** Milliseconds that the slow variant adds to each request to DynamoDB. */
export const delayMs = 5

export type Sides = Awaited<ReturnType<typeof prepareSides>>

/**
 * Prepares both services, each with an engine of its own. `run` does one thing in a fresh process,
 * and `start` starts a process that is asked for many.
 */
export async function prepareSides(directory: string) {
  const { signal } = new AbortController()
  const files = bundleSides(directory)
  const deployed = await ourLambdas()
  const engines = {
    ours: await startDynamodb(undefined, signal),
    theirs: await startDynamodb(undefined, signal),
  }
  const slow = {
    ours: await delayProxy(engines.ours.endpoint, delayMs),
    theirs: await delayProxy(engines.theirs.endpoint, delayMs),
  }
  const tables = {
    ours: await createTable(engines.ours.endpoint),
    theirs: await createTable(engines.theirs.endpoint),
  }

  const runOf = (side: Side, work: Job['work'], input: string, isSlow = false): Run => {
    const engine = side === 'theirs' ? 'theirs' : 'ours'
    const { endpoint } = (isSlow ? slow : engines)[engine]
    const environment = {
      ...deployed.environment,
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      TABLE_NAME: tables[engine],
    }
    const bundles = {
      ours: { file: deployed.register, configurationFile: deployed.configuration },
      theirs: { file: files.theirs, configurationFile: files.theirs },
      put: { file: files.barePut, configurationFile: '' },
    }
    const registrationPath = side === 'theirs' ? '/reg' : '/register'
    return {
      program: files.measure,
      environment,
      job: {
        ...bundles[side],
        registrationPath,
        input,
        operatorToken: side === 'ours' ? deployed.operatorToken : undefined,
        work,
      },
    }
  }

  const inputs = {
    ...(await ourInputs(engines.ours.endpoint, tables.ours)),
    theirs: String(await runJob(runOf('theirs', 'token', ''))),
  }
  return {
    run: (side: Side, work: Job['work']) => runJob(runOf(side, work, inputs[side])),
    start: (side: Side, isSlow = false) =>
      startWorker(runOf(side, side === 'put' ? 'put' : 'operations', inputs[side], isSlow)),
    async close() {
      deployed.close()
      for (const proxy of Object.values(slow)) proxy.close()
      for (const engine of Object.values(engines)) await engine.close()
    },
  }
}

/** A stored initial access token that is never consumed, like theirs, and the key of an item. */
async function ourInputs(endpoint: string, table: string) {
  const documents = documentClient({ endpoint })
  const server = composeServer(documents, table, {
    initialAccessToken: { consumed: 'never' },
  })
  const now = Math.floor(Date.now() / 1000)
  const ours = await initialAccessToken(server, {}, now)
  const { client_id } = await registered(server)
  const key = clientKey(client_id)
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key: key }))
  if (Item === undefined) throw new Error('the client was not stored')
  return { ours, put: key.pk }
}

/** Our Lambdas as the CDK app makes them, with their environment, and their secrets on loopback. */
async function ourLambdas() {
  const { signal } = new AbortController()
  const assembly = await synthesize({ stage: 'bench', settings: {}, signal })
  const known = references(assembly, { url: 'https://api.example', suffix: '' })
  const resources = ofType(assembly, 'AWS::SecretsManager::Secret')
  const values = await localSecrets({ resources, given: new Map() })
  const byArn = new Map([...values].map(([id, value]) => [String(known.get(id)), value]))
  const secrets = await serveSecrets(byArn)
  const lambda = (name: string) => {
    const found = ofType(assembly, 'AWS::Lambda::Function').find(([id]) => id.includes(name))
    if (found === undefined) throw new Error(`no Lambda ${name}`)
    const [functionName, resource] = found
    return instanceOptions(resource, assembly, known, functionName, {})
  }
  const register = lambda('RegisterClient')
  return {
    register: register.file,
    configuration: lambda('ClientConfiguration').file,
    operatorToken: byArn.get(register.environment.MASTER_TOKEN_SECRET ?? ''),
    environment: { ...register.environment, AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url },
    close: secrets.close,
  }
}
