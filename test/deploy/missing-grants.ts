import type { Account } from './account.ts'
import type { Call } from './api.ts'
import { type Attempts, type Given, needs, notEnforced } from './attempts.ts'
import { type DeployedLambda, deployedLambda } from './deployed-lambda.ts'
import { type Grant, grantsOf, nameOf, statementOf } from './grants.ts'
import { expected, holds, note } from './report.ts'
import type { Signatures } from './signatures.ts'
import { issue, register } from './smoke-test.ts'

/** What the requests are made with. */
export type Desk = {
  readonly call: Call
  readonly masterToken: string
  readonly signatures: Signatures
}

/**
 * Takes each grant of each Lambda's role away by itself (one action, on one kind of item, index or secret), and puts it
 * back: the request that needs it must fail of it. A grant that no request needs is an error.
 */
export async function missingGrants(aws: Account, desk: Desk): Promise<void> {
  for (const [construct, attempts] of Object.entries(needs)) {
    const lambda = await deployedLambda(aws, construct)
    const grants = grantsOf(lambda.policy)
    expected(
      `${construct} is granted what is tried below, and nothing else`,
      grants.map(nameOf).filter(isEnforced).sort(),
      Object.keys(attempts).sort(),
    )
    for (const grant of grants) await without(lambda, { construct, attempts }, grant, desk)
  }
  await unpublished(aws, desk)
  for (const [grant, reason] of Object.entries(notEnforced)) note(`not tried: ${grant}: ${reason}`)
}

export const isEnforced = (name: string) =>
  !Object.keys(notEnforced).some((one) => name.startsWith(one))

type Endpoint = { readonly construct: string; readonly attempts: Attempts }

async function without(lambda: DeployedLambda, endpoint: Endpoint, grant: Grant, desk: Desk) {
  const name = nameOf(grant)
  const { construct, attempts } = endpoint
  const attempt = attempts[name]
  if (attempt === undefined) return
  const given = await prepare(desk)
  const isSecret = name.startsWith('secretsmanager:')
  const began = Date.now()
  const others = grantsOf(lambda.policy).filter((other) => nameOf(other) !== name)
  await lambda.permit(others.map(statementOf))
  // A secret that has been read is kept for minutes.
  if (isSecret) await lambda.restart()
  const { status } = await attempt(desk.call, given)
  const logged = await lambda.loggedSince(began)
  await lambda.permit(lambda.policy)
  if (isSecret) await lambda.restart()
  expected(
    `${construct} without ${name}: ${status}, and AccessDenied in its log`,
    [status >= 500, /AccessDenied/.test(logged)],
    [true, true],
  )
}

async function prepare({ call, masterToken, signatures }: Desk): Promise<Given> {
  const client = await register(call, masterToken)
  return { client, bearer: await issue(call, masterToken), masterToken, signatures }
}

/** What the table's stream brings is not answered to anybody: only the log shows the failure. */
async function unpublished(aws: Account, { call, masterToken }: Desk): Promise<void> {
  const lambda = await deployedLambda(aws, 'EventsPublishEvents')
  const grants = grantsOf(lambda.policy)
  expected(
    'EventsPublishEvents is granted one thing that the emulator asks for',
    grants.map(nameOf).filter(isEnforced),
    ['events:PutEvents'],
  )
  const began = Date.now()
  const others = grants.filter((grant) => !isEnforced(nameOf(grant)))
  await lambda.permit(others.map(statementOf))
  await register(call, masterToken)
  let logged = ''
  while (!/AccessDenied/.test(logged) && Date.now() < began + 40_000)
    logged = await lambda.loggedSince(began)
  await lambda.permit(lambda.policy)
  if (!/AccessDenied/.test(logged)) throw new Error(`events were published all the same\n${logged}`)
  holds('EventsPublishEvents without events:PutEvents: AccessDenied in its log')
}
