import { RemovalPolicy } from 'aws-cdk-lib'
import {
  AttributeType,
  Billing,
  ProjectionType,
  StreamViewType,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb'
import type { Construct } from 'constructs'
import { table } from '../lib/dynamodb/table.ts'

/** The one table: clients and initial access tokens. It outlives the stack, and cannot be deleted by mistake. */
export class ClientTable extends TableV2 {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      partitionKey: { name: table.partitionKey, type: AttributeType.STRING },
      globalSecondaryIndexes: [
        {
          indexName: table.listing.indexName,
          partitionKey: { name: table.listing.partitionKey, type: AttributeType.STRING },
          sortKey: { name: table.listing.sortKey, type: AttributeType.STRING },
          // Whatever else it projected would be rewritten by each rotation, and could be a secret.
          projectionType: ProjectionType.KEYS_ONLY,
        },
      ],
      billing: Billing.onDemand(),
      timeToLiveAttribute: table.timeToLive,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
    })
  }
}
