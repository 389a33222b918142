import type { Account } from './account.ts'

/** What distinguishes one table from another: its name, and the id it was given when it was made. */
export async function describeTable(
  aws: Account,
  name: string,
): Promise<{ readonly arn: string; readonly id: string | undefined }> {
  const { Table } = (await aws('dynamodb', 'describe-table', '--table-name', name)) as {
    readonly Table: { readonly TableArn: string; readonly TableId?: string }
  }
  return { arn: Table.TableArn, id: Table.TableId }
}
