import type { TestProject } from 'vitest/node'
import { startDynamodb } from '../../cdk/local/embedded-dynamodb.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the embedded DynamoDB that all tests share. */
    readonly dynamodb: string
  }
}

/** One embedded DynamoDB for a whole test run; each test file makes tables of its own in it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dynamodb = await startDynamodb(undefined, new AbortController().signal)
  project.provide('dynamodb', dynamodb.endpoint)
  return () => dynamodb.close()
}
