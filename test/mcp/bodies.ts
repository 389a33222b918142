const code = {
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
}

/** What clients of the Model Context Protocol send to register, by their names; scopes as an MCP server names its own. */
export const bodies = {
  'MCP Inspector': {
    ...code,
    redirect_uris: [
      'http://localhost:6274/oauth/callback',
      'http://localhost:6274/oauth/callback/debug',
    ],
    token_endpoint_auth_method: 'none',
    client_name: 'MCP Inspector',
    client_uri: 'https://github.com/modelcontextprotocol/inspector',
    scope: 'openid tools:read',
  },
  'mcp-remote': {
    ...code,
    redirect_uris: ['http://127.0.0.1:3334/oauth/callback'],
    token_endpoint_auth_method: 'none',
    client_name: 'MCP CLI Proxy',
    client_uri: 'https://github.com/modelcontextprotocol/mcp-cli',
    software_id: '2e6dc280-f3c3-4e01-99a7-8181dbd1d23d',
    software_version: '0.1.29',
  },
  'an editor with a scheme of its own': {
    ...code,
    redirect_uris: ['cursor://anysphere.cursor-mcp/oauth/callback'],
    token_endpoint_auth_method: 'none',
    client_name: 'Cursor',
  },
  'an editor that can use a device code': {
    redirect_uris: [
      'http://127.0.0.1:33418',
      'http://127.0.0.1:33418/',
      'https://vscode.dev/redirect',
      'https://insiders.vscode.dev/redirect',
    ],
    grant_types: [
      'authorization_code',
      'refresh_token',
      'urn:ietf:params:oauth:grant-type:device_code',
    ],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    application_type: 'native',
    client_name: 'Visual Studio Code',
    client_uri: 'https://code.visualstudio.com',
  },
  'a client of the Python SDK': {
    ...code,
    redirect_uris: ['http://localhost:3030/callback'],
    token_endpoint_auth_method: 'client_secret_post',
    client_name: 'Simple Auth Client',
  },
  'a client on a server': {
    ...code,
    redirect_uris: ['https://assistant.example/api/mcp/auth_callback'],
    token_endpoint_auth_method: 'client_secret_post',
    client_name: 'Assistant',
    client_uri: 'https://assistant.example/',
    logo_uri: 'https://assistant.example/logo.svg',
    scope: 'tools:read tools:write',
  },
  'a client that names no method': {
    redirect_uris: ['https://gateway.example/callback'],
    client_name: 'Gateway',
  },
} as const
