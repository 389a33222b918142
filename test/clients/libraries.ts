import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../cdk/local/synthesis.ts'

export const operations = ['register', 'read', 'update', 'delete'] as const
export type Operation = (typeof operations)[number]

/** What sends a request: the library's function for it, or its function for any protected resource. */
export type How = 'own' | 'general'

/** A library or program that others wrote, and what it can do. */
export type Library = {
  readonly name: string
  readonly version: string
  readonly language: string
  readonly can: Partial<Record<Operation, How>>
  /** The program in this folder that uses the library; none where the library is a program. */
  readonly program?: string
  /** The service has the profile `mcp`, and the program is given an MCP server. */
  readonly mcp?: true
}

const read = (file: string): string => readFileSync(join(root, file), 'utf8')

const ofNpm = (name: string) => ({
  version: String(JSON.parse(read(`node_modules/${name}/package.json`)).version),
  language: 'TypeScript',
})

const ofPython = (folder: string) => ({
  version: /==(.+)/.exec(read(`test/clients/${folder}/requirements.txt`))?.[1] ?? '',
  language: 'Python',
})

const general = { read: 'general', update: 'general', delete: 'general' } as const
const mcp = { can: { register: 'own' }, mcp: true } as const

export const libraries: readonly Library[] = [
  {
    name: 'openid-client',
    ...ofNpm('openid-client'),
    can: { register: 'own', ...general },
    program: 'openid-client/client.ts',
  },
  {
    name: 'oauth4webapi',
    ...ofNpm('oauth4webapi'),
    can: { register: 'own', ...general },
    program: 'oauth4webapi/client.ts',
  },
  {
    name: 'Nimbus OAuth 2.0 SDK',
    version: /<version>([\d.]{2,})</.exec(read('test/clients/nimbus/pom.xml'))?.[1] ?? '',
    language: 'Java',
    can: { register: 'own', read: 'own', update: 'own', delete: 'own' },
    program: 'nimbus/NimbusClient.java',
  },
  {
    name: 'Authlib',
    ...ofPython('authlib'),
    can: { register: 'general', ...general },
    program: 'authlib/client.py',
  },
  {
    name: 'MCP TypeScript SDK',
    ...ofNpm('@modelcontextprotocol/client'),
    ...mcp,
    program: 'mcp-typescript/client.ts',
  },
  {
    name: 'MCP TypeScript SDK',
    ...ofNpm('@modelcontextprotocol/sdk'),
    ...mcp,
    program: 'mcp-typescript/client-1.ts',
  },
  {
    name: 'MCP Python SDK',
    ...ofPython('mcp-python'),
    ...mcp,
    program: 'mcp-python/client.py',
  },
  { name: 'mcp-remote', ...ofNpm('mcp-remote'), ...mcp },
]
