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

const { listing, byOwner, bySoftware, byInitialAccessToken, byLabel } = table
const indexes = [listing, byOwner, bySoftware, byInitialAccessToken, byLabel]

const typeOf = (attribute: string) =>
  attribute === bySoftware.partitionKey ? AttributeType.BINARY : AttributeType.STRING

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
    { encryptionKey }: { readonly encryptionKey?: IKey | undefined } = {},
  ) {
    super(scope, id, {
      partitionKey: { name: table.partitionKey, type: AttributeType.STRING },
      globalSecondaryIndexes: indexes.map(({ indexName, partitionKey, sortKey }) => ({
        indexName,
        partitionKey: { name: partitionKey, type: typeOf(partitionKey) },
        sortKey: { name: sortKey, type: AttributeType.STRING },
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
