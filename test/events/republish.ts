import { execFile } from 'node:child_process'
import { embeddedDynamodb } from '../support/embedded-dynamodb.ts'

/** Runs the command as an operator does, EventBridge and SQS at this URL; resolves to its exit code and what it printed. */
export function replayEvents(
  url: string,
  ...options: readonly string[]
): Promise<{ code: number; out: string }> {
  const environment = {
    PATH: process.env.PATH,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL: url,
    AWS_ENDPOINT_URL_DYNAMODB: embeddedDynamodb,
    AWS_ENDPOINT_URL_DYNAMODB_STREAMS: embeddedDynamodb,
  }
  return new Promise((resolve) => {
    const words = ['cdk/commands/client-registration.ts', 'republish', ...options]
    execFile(process.execPath, words, { env: environment }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), out: stdout + stderr }),
    )
  })
}
