import { runCommand } from '../support/command.ts'

type Table = { readonly TableName: string }

export const exportTable = ({ TableName }: Table, ...more: readonly string[]) =>
  runCommand(['export', '--table', TableName, ...more])

export const importInto = ({ TableName }: Table, file: string, ...more: readonly string[]) =>
  runCommand(['import', '--table', TableName, '--input', file, ...more])
