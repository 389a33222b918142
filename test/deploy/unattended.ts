import { marshall } from '@aws-sdk/util-dynamodb'
import type { StageSettingsInput } from '../../cdk/settings/settings.ts'
import { currentTime } from '../../lib/read/active-client.ts'
import { useReportsKey } from '../../lib/read/client-use.ts'
import type { Account } from './account.ts'
import { type UnattendedName, unattendedNeeds } from './attempts.ts'
import { type DeployedLambda, deployedLambda } from './deployed-lambda.ts'
import { grantsOf, nameOf, statementOf } from './grants.ts'
import { type Desk, isEnforced } from './missing-grants.ts'
import { expected } from './report.ts'
import { register } from './smoke-test.ts'

const day = 86_400

const toTime = (seconds: number): string => new Date(seconds * 1000).toISOString()

/** Clean-up of what the operator's tokens register, as soon as the settings allow. */
export const cleanUp: NonNullable<StageSettingsInput['cleanUp']> = {
  mode: 'on',
  registeredBy: ['initial_access_token'],
  neverUsedAfter: 2 * day,
  unusedAfter: 2 * day,
  deleteAfter: 2 * day,
}

/**
 * Takes each grant of the Lambdas that no request reaches away by itself, and puts it back: a night
 * of clean-up, and a report of use as an event, must fail of it. A night's event brings its time.
 */
export async function unattendedGrants(
  aws: Account,
  { call, masterToken }: Desk,
  TableName: string,
): Promise<void> {
  const lambdas: Readonly<Record<UnattendedName, DeployedLambda>> = {
    LifeCleanUp: await deployedLambda(aws, 'LifeCleanUp'),
    UseRecordUse: await deployedLambda(aws, 'UseRecordUse'),
  }
  let now = currentTime()
  const night = () => lambdas.LifeCleanUp.invoke({ time: toTime(now) })
  const setLastReport = async (at: number) => {
    const item = { ...useReportsKey, last_used_at: at }
    const words = ['--table-name', TableName, '--item', JSON.stringify(marshall(item))]
    await aws('dynamodb', 'put-item', ...words)
  }

  const attempts: Readonly<Record<UnattendedName, () => Promise<() => Promise<boolean>>>> = {
    /** One client to be made stale, and one to be deleted. */
    async LifeCleanUp() {
      await register(call, masterToken)
      now += 3 * day
      await setLastReport(now)
      expected('a night before succeeds', await night(), true)
      await register(call, masterToken)
      now += 3 * day
      await setLastReport(now)
      return night
    },
    /** The first report of a day. */
    async UseRecordUse() {
      const { client_id } = await register(call, masterToken)
      await setLastReport(0)
      await lambdas.UseRecordUse.restart()
      const used_at = currentTime()
      const detail = { clients: [{ client_id, used_at }] }
      return () => lambdas.UseRecordUse.invoke({ detail, time: toTime(used_at) })
    },
  }

  for (const construct of ['UseRecordUse', 'LifeCleanUp'] as const) {
    const lambda = lambdas[construct]
    const grants = grantsOf(lambda.policy)
    const names = grants.map(nameOf).filter(isEnforced)
    expected(
      `${construct} is granted what is tried below, and nothing else`,
      names.sort(),
      [...unattendedNeeds[construct]].sort(),
    )
    const undisturbed = await attempts[construct]()
    expected(`${construct} with all of them succeeds`, await undisturbed(), true)
    for (const name of names) {
      const attempt = await attempts[construct]()
      const began = Date.now()
      const others = grants.filter((grant) => nameOf(grant) !== name)
      await lambda.permit(others.map(statementOf))
      const succeeded = await attempt()
      const logged = await lambda.loggedSince(began)
      await lambda.permit(lambda.policy)
      expected(
        `${construct} without ${name}: an error, and AccessDenied in its log`,
        [succeeded, /AccessDenied/.test(logged)],
        [false, true],
      )
    }
  }
}
