import { RemovalPolicy } from 'aws-cdk-lib'
import {
  AttributeType,
  Billing,
  type ITableV2,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import { table } from '../lib/adapters/dynamodb/table.ts'
import type { Settings } from '../lib/settings/schema.ts'

const { listing, byOwner, bySoftware, byInitialAccessToken, byLabel } = table
const { byDue, byName, byRedirectHost } = table

/** The indexes of a table. An update of a stack can add or remove one index only. */
const indexesOf = ({ cleansUp = false, findClientsBy }: ClientTableProps) => [
  ...[listing, byOwner, bySoftware, byInitialAccessToken, byLabel],
  ...(cleansUp ? [byDue] : []),
  ...(findClientsBy?.name ? [byName] : []),
  ...(findClientsBy?.redirectHost ? [byRedirectHost] : []),
]

function typeOf(attribute: string): AttributeType {
  if (attribute === bySoftware.partitionKey) return AttributeType.BINARY
  return attribute === byDue.sortKey ? AttributeType.NUMBER : AttributeType.STRING
}

export type ClientTableProps = {
  readonly encryptionKey?: IKey | undefined
  /** Whether clean-up finds the clients that are due by an index. */
  readonly cleansUp?: boolean
  /** Whether operators find clients by an index of names, and one of redirect hosts. */
  readonly findClientsBy?: Settings['findClientsBy']
}

/** The client table: created by this stack, or an existing one. */
export type AnyClientTable = Pick<ITableV2, 'node' | 'tableArn' | 'tableName' | 'metric'> & {
  readonly tableStreamArn?: string | undefined
}

/**
 * The single table for clients and initial access tokens. It is retained when the stack is deleted,
 * and deletion protection is on.
 */
export class ClientTable extends TableV2 {
  constructor(scope: Construct, id: string, props: ClientTableProps = {}) {
    const { encryptionKey } = props
    super(scope, id, {
      partitionKey: { name: table.partitionKey, type: AttributeType.STRING },
      globalSecondaryIndexes: indexesOf(props).map((index) => ({
        indexName: index.indexName,
        partitionKey: { name: index.partitionKey, type: typeOf(index.partitionKey) },
        sortKey: { name: index.sortKey, type: typeOf(index.sortKey) },
        // A projected attribute would be rewritten on every token rotation, and could leak a
        // secret.
        projectionType: ProjectionType.KEYS_ONLY,
      })),
      billing: Billing.onDemand(),
      timeToLiveAttribute: table.timeToLive,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      ...(encryptionKey && { encryption: TableEncryptionV2.customerManagedKey(encryptionKey) }),
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
    })
  }
}
