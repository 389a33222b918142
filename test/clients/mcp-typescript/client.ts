import { rejects } from 'node:assert/strict'
import {
  Client,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client'
import { equal, variable } from '../given.ts'
import { Provider } from './provider.ts'

/** Connects to an MCP server that demands authorization, by version 2 of the SDK. */
const authProvider = new Provider()
const transport = new StreamableHTTPClientTransport(new URL(variable('MCP_SERVER')), {
  authProvider,
})
const client = new Client({ name: 'MCP TypeScript SDK', version: '1' })
await rejects(client.connect(transport), UnauthorizedError)
equal(authProvider.isRegistered(), true)
