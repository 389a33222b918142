import { rejects } from 'node:assert/strict'
import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { equal, variable } from '../given.ts'
import { Provider } from './provider.ts'

/** Connects to an MCP server that demands authorization, by version 1 of the SDK. */
const authProvider = new Provider()
const transport = new StreamableHTTPClientTransport(new URL(variable('MCP_SERVER')), {
  authProvider,
})
const client = new Client({ name: 'MCP TypeScript SDK', version: '1' })
await rejects(client.connect(transport), UnauthorizedError)
equal(authProvider.isRegistered(), true)
