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

const { listing, byOwner, bySoftware, byInitialAccessToken, byLabel, byDue } = table
const indexes = [listing, byOwner, bySoftware, byInitialAccessToken, byLabel]

function typeOf(attribute: string): AttributeType {
  if (attribute === bySoftware.partitionKey) return AttributeType.BINARY
  return attribute === byDue.sortKey ? AttributeType.NUMBER : AttributeType.STRING
}

export type ClientTableProps = {
  readonly encryptionKey?: IKey | undefined
  /** Whether clean-up finds the clients that are due by an index. */
  readonly cleansUp?: boolean
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
  constructor(
    scope: Construct,
    id: string,
    { encryptionKey, cleansUp = false }: ClientTableProps = {},
  ) {
    super(scope, id, {
      partitionKey: { name: table.partitionKey, type: AttributeType.STRING },
      // An update of a stack can add or remove one index only.
      globalSecondaryIndexes: [...indexes, ...(cleansUp ? [byDue] : [])].map((index) => ({
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
