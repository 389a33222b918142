import { deepEqual } from 'node:assert/strict'

/** An environment variable that `npm run clients` sets for the programs here. */
export function variable(name: 'ISSUER' | 'INITIAL_ACCESS_TOKEN' | 'MCP_SERVER'): string {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is not set`)
  return value
}

export const metadata = (client_name: string) => ({
  client_name,
  redirect_uris: ['https://client.example/callback'],
})

export const equal = (actual: unknown, expected: unknown): void => deepEqual(actual, expected)
