import { Stack } from 'aws-cdk-lib'
import { CfnQueryDefinition, type ILogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'

const isRequest = 'filter message = "request"'

/** Logs Insights queries, by their names; each reads the one line that every request has. */
const queries = {
  'failures by error': [
    isRequest,
    'filter outcome != "ok"',
    'stats count(*) as requests, latest(request_id) as last_request, latest(@timestamp) as at by code, operation, error_description, refused_by',
    'sort requests desc',
    'limit 100',
  ],
  'registrations by owner': [
    isRequest,
    'filter operation = "register" and outcome = "ok"',
    'stats count(*) as clients, latest(client_id) as last_client by coalesce(owner, by) as registered_by, initial_access_token',
    'sort clients desc',
    'limit 100',
  ],
  'slowest requests': [
    isRequest,
    'fields @timestamp, operation, outcome, status, duration_ms, dynamodb_ms, dynamodb_round_trips, cold_start, client_id, request_id',
    'sort duration_ms desc',
    'limit 50',
  ],
  "one client's history": [
    isRequest,
    '# put the client here',
    'filter client_id = "CLIENT_ID"',
    'fields @timestamp, operation, outcome, status, code, error_description, owner, initial_access_token, rotated, conflict, request_id',
    'sort @timestamp asc',
    'limit 1000',
  ],
} as const

/** The last requests that failed by a fault of ours, and why. */
export const faults = [
  'filter level = "ERROR"',
  'fields @timestamp, message, operation, status, fault.name, fault.message, caused_by, request_id',
  'sort @timestamp desc',
  'limit 20',
]

/** Saved Logs Insights queries over the logs of all Lambdas, in a folder named after the stack. */
export class Queries extends Construct {
  constructor(scope: Construct, id: string, logs: readonly ILogGroup[]) {
    super(scope, id)
    for (const [name, lines] of Object.entries(queries)) {
      new CfnQueryDefinition(this, name.replaceAll(/[^a-z]/g, ''), {
        name: `${Stack.of(this).stackName}/${name}`,
        logGroupNames: logs.map(({ logGroupName }) => logGroupName),
        queryString: lines
          .map((line) => (line.startsWith('#') ? line : `| ${line}`))
          .join('\n')
          .slice(2),
      })
    }
  }
}
