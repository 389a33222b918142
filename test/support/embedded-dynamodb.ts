import { afterAll } from 'vitest'
import { startDynamodb } from '../../cdk/local/embedded-dynamodb.ts'

const { endpoint, close } = await startDynamodb(undefined, new AbortController().signal)
afterAll(close)

/**
 * URL of the embedded DynamoDB of this test file. One that all files share becomes slower with every
 * table that it has.
 */
export const embeddedDynamodb = endpoint
