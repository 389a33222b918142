import { CfnQueryDefinition, type ILogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'

const isRequest = 'filter message = "request"'

/**
 * Matches the lines that Lambda writes when an invocation or an init phase times out or crashes.
 */
const crashed = '/Task timed out|Runtime exited|"status":"(error|failure|timeout)"/'

export type QueriesProps = {
  /** Folder of the queries: the name of the service. */
  readonly folder: string
  readonly logs: Logs
}

/** The log groups that a query reads. */
type Logs = {
  /** Lambdas that serve requests. */
  readonly requests: readonly ILogGroup[]
  /** All Lambdas. */
  readonly all: readonly ILogGroup[]
  /** The API Gateway access log. */
  readonly access: readonly ILogGroup[]
}

/** Logs Insights queries by name. */
const queries: Readonly<Record<string, { over: keyof Logs; lines: readonly string[] }>> = {
  'failures by error': {
    over: 'all',
    lines: [
      String.raw`parse @message /"platform\.report".*"status":"(?<crash>error|failure|timeout)"/`,
      'filter (message = "request" and outcome != "ok") or level = "WARN" or ispresent(crash)',
      'fields coalesce(code, crash, message) as failure, coalesce(request_id, record.requestId) as request',
      'stats count(*) as times, latest(request) as last_request, latest(@timestamp) as at by failure, operation, error_description, rejected_by, @log',
      'sort times desc',
      'limit 100',
    ],
  },
  'rejections by address': {
    over: 'access',
    lines: [
      'filter status in ["401", "403", "429"]',
      'stats count(*) as rejections, latest(@timestamp) as at by ip, status',
      'sort rejections desc',
      'limit 100',
    ],
  },
  'registrations by owner': {
    over: 'requests',
    lines: [
      isRequest,
      'filter operation = "register" and outcome = "ok"',
      'fields coalesce(owner, registration_method) as registered_by',
      'stats count(*) as clients, count_distinct(initial_access_token) as tokens, latest(client_id) as last_client by registered_by, owner_iss',
      'sort clients desc',
      'limit 100',
    ],
  },
  'slowest requests': {
    over: 'requests',
    lines: [
      isRequest,
      'fields @timestamp, operation, outcome, status, duration_ms, dynamodb_ms, dynamodb_round_trips, cold_start, client_id, request_id',
      'sort duration_ms desc',
      'limit 50',
    ],
  },
  "one client's history": {
    over: 'requests',
    lines: [
      isRequest,
      '# put the client here',
      'filter client_id = "CLIENT_ID"',
      'fields @timestamp, operation, outcome, status, code, error_description, owner, owner_iss, initial_access_token, operator, operator_iss, changed, rotated, conflict, request_id',
      'sort @timestamp asc',
      'limit 1000',
    ],
  },
}

/** Latest faults and warnings of all Lambdas, with their causes. */
export const faults = [
  `filter level in ["WARN", "ERROR"] or @message like ${crashed}`,
  'fields @timestamp, coalesce(message, record.status, @message) as what, operation, status, fault.name, fault.message, caused_by, coalesce(request_id, record.requestId) as request, @log',
  'sort @timestamp desc',
  'limit 20',
]

/** Saved Logs Insights queries, in a folder named after the service. */
export class Queries extends Construct {
  constructor(scope: Construct, id: string, { folder, logs }: QueriesProps) {
    super(scope, id)
    for (const [name, { over, lines }] of Object.entries(queries)) {
      new CfnQueryDefinition(this, name.replaceAll(/[^a-z]/g, ''), {
        name: `${folder}/${name}`,
        logGroupNames: logs[over].map(({ logGroupName }) => logGroupName),
        queryString: lines
          .map((line) => (line.startsWith('#') ? line : `| ${line}`))
          .join('\n')
          .slice(2),
      })
    }
  }
}
