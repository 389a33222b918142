import { serveAwsService } from './aws-endpoint.ts'

/** Emulates Secrets Manager on loopback: the two calls that our Lambdas make. */
export const serveSecrets = (values: ReadonlyMap<string, string>) =>
  serveAwsService<Input>((operation, input) => {
    if (operation === 'BatchGetSecretValue') return { body: batch(input, values) }
    if (operation !== 'GetSecretValue') return fault('UnknownOperationException')
    const found = secret(input.SecretId ?? '', values)
    return found ? { body: found } : fault('ResourceNotFoundException')
  })

type Input = { readonly SecretId?: string; readonly SecretIdList?: readonly string[] }

const notFound = "Secrets Manager can't find the specified secret."

const fault = (type: string) => ({ status: 400, body: { __type: type, message: notFound } })

const created = Date.now() / 1000

function secret(id: string, values: ReadonlyMap<string, string>) {
  const value = values.get(id)
  if (value === undefined) return undefined
  return {
    ARN: id,
    Name: id.split(':').at(-1),
    VersionId: '00000000-0000-4000-8000-000000000000',
    VersionStages: ['AWSCURRENT'],
    SecretString: value,
    CreatedDate: created,
  }
}

function batch({ SecretIdList = [] }: Input, values: ReadonlyMap<string, string>) {
  return {
    SecretValues: SecretIdList.flatMap((id) => secret(id, values) ?? []),
    Errors: SecretIdList.filter((id) => !values.has(id)).map((id) => ({
      SecretId: id,
      ErrorCode: 'ResourceNotFoundException',
      Message: notFound,
    })),
  }
}
