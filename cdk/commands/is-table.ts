import {
  DescribeTableCommand,
  DynamoDBClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb'

/** Whether a table of this name exists in this shell's account and Region. */
export async function isTable(TableName: string): Promise<boolean> {
  try {
    await new DynamoDBClient({}).send(new DescribeTableCommand({ TableName }))
    return true
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return false
    throw error
  }
}
