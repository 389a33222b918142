import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceNotFoundException,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb'

export type SynthesizedTableOptions = {
  readonly endpoint: string
  readonly tableName: string
  /** Properties of the AWS::DynamoDB::GlobalTable resource. */
  readonly properties: Readonly<Record<string, unknown>>
}

/**
 * Creates the table of the template, or reuses the one of an earlier run. Throws an Error when its
 * keys or indexes differ. `remove` deletes the table.
 */
export async function synthesizedTable(options: SynthesizedTableOptions) {
  const { endpoint, tableName, properties } = options
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials })
  const wanted = createTableInput(tableName, properties)
  const existing = await describe(client, tableName)
  if (existing === undefined) {
    await client.send(new CreateTableCommand(wanted))
    const ttl = properties.TimeToLiveSpecification as TimeToLive | undefined
    if (ttl !== undefined) {
      await client.send(
        new UpdateTimeToLiveCommand({ TableName: tableName, TimeToLiveSpecification: ttl }),
      )
    }
  } else if (shape(existing) !== shape(wanted)) {
    client.destroy()
    throw new Error(
      `The table ${tableName} that is kept there has other keys or indexes than this version's; ` +
        'use another folder, or remove it.',
    )
  }
  return {
    close: () => client.destroy(),
    remove: () => client.send(new DeleteTableCommand({ TableName: tableName })),
  }
}

/** A local engine accepts any credentials. */
export const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }

type TimeToLive = { readonly AttributeName: string; readonly Enabled: boolean }

function createTableInput(
  TableName: string,
  properties: SynthesizedTableOptions['properties'],
): CreateTableCommandInput {
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, BillingMode } = properties
  // These members have the same shape in CloudFormation and in the API.
  return {
    TableName,
    AttributeDefinitions,
    KeySchema,
    GlobalSecondaryIndexes,
    BillingMode,
    ...(properties.StreamSpecification !== undefined && {
      StreamSpecification: { ...(properties.StreamSpecification as object), StreamEnabled: true },
    }),
  } as CreateTableCommandInput
}

async function describe(client: DynamoDBClient, TableName: string) {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }))
    return Table
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined
    throw error
  }
}

type Shape = Pick<CreateTableCommandInput, 'KeySchema'> & {
  readonly GlobalSecondaryIndexes?:
    | readonly { readonly IndexName?: string | undefined; readonly KeySchema?: unknown }[]
    | undefined
}

const shape = ({ KeySchema, GlobalSecondaryIndexes = [] }: Shape) =>
  JSON.stringify([
    KeySchema?.map(({ AttributeName, KeyType }) => [AttributeName, KeyType]),
    GlobalSecondaryIndexes.map(({ IndexName }) => IndexName).sort(),
  ])
