import type { ErrorCode } from '../../../lib/errors.ts'

/** An error description, `…` for what varies; what causes it; what to do about it. */
export type Row = readonly [description: string, cause: string, action: string]

const retry = 'Repeat the request after `Retry-After`. It may have been carried out.'

export const rows: Readonly<Record<ErrorCode, readonly Row[]>> = {
  invalid_redirect_uri: [
    [
      'redirect_uris: …',
      'a redirect URI breaks a rule; the description names the item and what is expected',
      'Correct the URI: [rules](metadata/reference.md).',
    ],
    [
      'redirect_uris: expected hosts among …',
      'the policy `allowed-redirect-hosts` lists other hosts',
      'Use a listed host, or ask the operator.',
    ],
    [
      'redirect_uris: expected URIs of at most 255 characters, without *',
      'Keycloak, to which clients are pushed, cannot store the URI, or reads it as a pattern',
      'Send another URI.',
    ],
    [
      'the authorization server rejects one of these URIs',
      'a server to which clients are pushed has rules of its own',
      'Send other URIs.',
    ],
  ],
  invalid_client_metadata: [
    [
      '…: the authorization server does not support this value',
      'a server to which clients are pushed cannot store it',
      'Leave the member out, or send another value.',
    ],
    [
      'the authorization server rejects these client metadata',
      'a server to which clients are pushed has rules of its own',
      'Send fewer members, or ask the operator.',
    ],
    [
      'scope: the authorization server has no such scope',
      'a server to which clients are pushed does not know a scope',
      'Send scopes of the metadata of the authorization server.',
    ],
    [
      'scope: expected scopes without *',
      'Ory Hydra, to which clients are pushed, reads * as a pattern',
      'Send the names of scopes.',
    ],
    [
      'post_logout_redirect_uris: expected the scheme, host and port of one of the redirect_uris',
      'Ory Hydra, to which clients are pushed, takes no others',
      'Send logout URIs beside the redirect URIs.',
    ],
    [
      'grant_types: the authorization server takes client_credentials only alone',
      'Amazon Cognito, to which clients are pushed, takes it with no other grant',
      'Register one client for each.',
    ],
    [
      '…: expected …',
      'a member breaks its rule, or contradicts another',
      'Correct the member: [rules](metadata/reference.md).',
    ],
    [
      '…: not supported; supported: …',
      'the authorization server supports other values',
      'Send one of those.',
    ],
    [
      'token_endpoint_auth_method: not supported, and the default is weaker; supported: …',
      'a method is never replaced by a weaker one',
      'Send a supported method.',
    ],
    [
      'grant_types: expected at least one of …',
      'no requested grant type is supported, or a policy left none',
      'Send a supported grant type.',
    ],
    [
      'unknown member of client metadata',
      '`metadata.unknown` is `refuse`; the description starts with the member',
      'Leave the member out.',
    ],
    [
      'registration_mode: expected a list of texts',
      'the member is not a list, where `approval` is `draft`',
      'Send `["approval"]`, or leave it out.',
    ],
    [
      'the metadata exceed … bytes',
      '`limits.item` or, without a token, `anonymous.item`',
      'Send less, for example `jwks_uri` in place of `jwks`.',
    ],
    ['the request body is not UTF-8', 'invalid bytes', 'Encode the body as UTF-8.'],
    ['the request body is not JSON', 'a syntax error', 'Send one JSON object.'],
    [
      'the request body is not a JSON object',
      'a list, a text or a number',
      'Send one JSON object.',
    ],
    [
      'the request body has a duplicate member name',
      'parsers differ on which one counts',
      'Send each member once.',
    ],
    [
      'the token has no sub, and a policy limits the clients of each owner',
      'the policy `maximum-clients-per-owner`, and a token without `sub`',
      'Ask the operator for a token that names you.',
    ],
    [
      'scope: without a token, expected scopes among …',
      '`anonymous` allows other scopes',
      'Send those, or register with a token.',
    ],
    [
      'scope: reserved for clients of the operator',
      'the scope is that of registration or administration',
      'Leave it out, or ask the operator.',
    ],
    [
      'the operator has disabled the client with these metadata',
      'with `sharing: public`, a registration would join a shared client that is disabled or rejected',
      'Ask the operator.',
    ],
    [
      '…: the document cannot be read as JSON over https on port … within 2 seconds; after a failure, try again in a minute',
      'the service fetched a URL of the metadata, without success',
      'Make the document reachable, then repeat.',
    ],
    [
      '…: the document is not fetched for a client that registers without a token; register with a token, or leave it out',
      '`anonymous.fetchDocuments` is not set',
      'As the description says.',
    ],
    [
      '…: must not be sent in an update',
      'the server sets this member (RFC 7592 §2.2)',
      'Leave it out of the body.',
    ],
    [
      'client_id: expected the client_id of this client',
      'an update names another client or none',
      'Send the `client_id` of the URL.',
    ],
    [
      'client_secret: expected the currently issued one, or none',
      'an update cannot choose a secret',
      'Send the current one, or leave it out.',
    ],
  ],
  invalid_software_statement: [
    [
      'software_statement: required here',
      '`softwareStatement.required` is set',
      'Send a software statement.',
    ],
    [
      'software_statement: expected a signed JWT in compact form',
      'the member is no JWT',
      'Send the statement as its issuer gave it to you.',
    ],
    [
      'software_statement: not a valid JWT of a trusted issuer: …',
      'signature, issuer, audience or time',
      'Ask the issuer for a new statement, or the operator to trust the issuer.',
    ],
    [
      'software_statement: …',
      'a claim is missing or not valid',
      'Ask the issuer for a corrected statement.',
    ],
  ],
  unapproved_software_statement: [
    [
      '…',
      'a policy of the operator rejects this software; the service itself never does',
      'Ask the operator.',
    ],
  ],
  access_denied: [
    [
      'the operator rejected the registration',
      'a poll of a deferred registration',
      'Stop polling, and ask the operator.',
    ],
  ],
  expired_token: [
    [
      'the registration code has expired',
      'nobody approved the registration within `expires_in`, or the client did not poll',
      'Register again when somebody is there who approves.',
    ],
  ],
  invalid_registration: [
    [
      'the registration code is unknown or consumed',
      'it was used, cancelled, mistyped, or has expired some time ago',
      'Stop polling. If the response to an approved poll was lost, register again.',
    ],
  ],
  invalid_request: [
    [
      'a shared client has no registration access token of its own; register again to get one that reads',
      'the operator asks to re-issue the token of a shared client, which nobody may change',
      'Register the same metadata again.',
    ],
    [
      'the client has no client secret to renew',
      'a renewal of the secret of a public client, or of one that authenticates with its own keys',
      'Nothing: it needs none.',
    ],
    [
      'cancel_registration: expected true or false',
      'the member has another type',
      'Send `true` to cancel.',
    ],
    [
      'send the token in the Authorization header, not in the query',
      'logs would record it',
      'As the description says. Replace the token: it may have been logged.',
    ],
    [
      'expected one Authorization header: Bearer and one token',
      'the header is malformed, or sent twice',
      'Send `Authorization: Bearer <token>`.',
    ],
    [
      'dry_run: expected true or false',
      'the query has another value, or the parameter twice',
      'Send `?dry_run=true`, or leave it out.',
    ],
    [
      'Idempotency-Key: expected one key of 16 to 255 visible ASCII characters, such as a random UUID in double quotes',
      'the header has another form, or is sent twice',
      'Send `Idempotency-Key: "<random UUID>"`, or no such header.',
    ],
    [
      'the signed request has already been used (jti)',
      'a signed request counts once',
      'Sign a new one. If an answer was lost, the first may have succeeded.',
    ],
    [
      'the signed request is not valid: …',
      'signature, issuer, audience or time',
      'Sign the request anew, by a configured issuer.',
    ],
    [
      '…: expected …',
      'operator: a member of the body or a parameter of the query is not valid',
      'Correct it.',
    ],
    [
      'max_uses: contradicts consumed never',
      'operator: a token that is never consumed has no count',
      'Leave one of them out.',
    ],
    [
      'scope: locks clients to a scope of the operator',
      'operator: the bearer of the token could not register that scope',
      'Choose other scopes.',
    ],
    ['audience: expected …', 'operator: the token would be for another server', 'Leave it out.'],
    [
      'policies: expected names among …',
      'operator: no such policy is deployed',
      'Correct the name, or deploy the policy.',
    ],
    [
      'client_id: no such client',
      'operator: the token would be for an unknown client',
      'Correct it.',
    ],
    ['unknown filter; known: …', 'operator: a parameter of the query is unknown', 'Correct it.'],
    ['expected at most one of …', 'operator: two filters at once', 'Send one filter.'],
    ['…: expected 1 to … characters', 'operator: a filter is empty or too long', 'Correct it.'],
    ['state: expected …', 'operator: there is no such state', 'Correct it.'],
    [
      'state: expected without other filters',
      'operator: a state is listed as a whole',
      'Leave the other filters out.',
    ],
    [
      'state: clean-up is off here',
      'operator: `cleanUp.mode` is `off`, so no client is due or stale',
      'Leave `state` out.',
    ],
    [
      'expected exactly one of redirect_host, software_id, owner, key_thumbprint',
      'operator: a job has no filter, or two',
      'Send one filter.',
    ],
    [
      'redirect_host: expected a host without scheme, port and path',
      'operator: the filter is a URI or no host',
      'Send the host alone, such as `client.example`; an IPv6 address in brackets.',
    ],
    ['iss: expected together with owner', 'operator: `iss` alone finds nothing', 'Add `owner`.'],
    ['…: expected Unix seconds', 'operator: a time is not a number', 'Send Unix seconds.'],
    [
      'clients.….used_at: is in the future',
      'operator: a reported use is more than a minute ahead of the clock here',
      'Set the clock of the authorization server.',
    ],
    ['limit: expected a whole number from 1 to 100', 'operator: page size', 'Correct it.'],
    [
      'cursor: expected next_cursor of an earlier page',
      'operator: the cursor was changed, or is of another list',
      'Start from the first page.',
    ],
  ],
  invalid_token: [
    [
      'the token is unknown, consumed, expired or revoked',
      'the initial access token or access token does not count, or counts no more',
      'Ask the operator for another. If a response was lost, the client may exist: [recover it](../functions/README.md#when-a-response-is-lost).',
    ],
    [
      'the registration access token is not valid for this client',
      'it was replaced or expired, is of another client, or the client is disabled or deleted',
      'Use the token of the newest answer, or ask the operator to re-issue it.',
    ],
    [
      'the token is not an operator token',
      'a path of the operator, with another token',
      'Use the master token, or an access token of an issuer with `administers`, with `reads` to read a client or check its secret, or with `reportsUse` to report use.',
    ],
  ],
  insufficient_scope: [
    [
      'the token lacks the scope that this registration needs',
      '`registration` is `scoped`, or the metadata need a scope of their own',
      'Ask for a token with the `scope` of the `WWW-Authenticate` header.',
    ],
    [
      'trusted: an update cannot make a client trusted',
      'an update sends `trusted: true` for a client that was not registered as trusted',
      'Leave `trusted` out, or register again with a token that has the scope.',
    ],
    [
      'the token lacks the … scope',
      'an access token without `adminScope`; to read a client or check its secret, without `readScope`; to report use, without `useScope`',
      'Ask for a token with the `scope` of the `WWW-Authenticate` header.',
    ],
    [
      'the token of a shared client only reads it; to change the metadata, register again',
      'with `sharing: public`, equal public clients share one `client_id`, which nobody changes',
      'Register the new metadata; the response has another `client_id`.',
    ],
  ],
  quota_exhausted: [
    [
      "the owner's client quota is exhausted",
      'the policy `maximum-clients-per-owner`',
      'Delete a client, or ask the operator.',
    ],
    [
      'the client quota of this software_id is exhausted; delete a client, or ask the operator',
      'the policy `maximum-clients-per-software`',
      'Delete a client, or ask the operator.',
    ],
  ],
  missing_token: [
    [
      'an initial access token is required',
      'this service does not register without a token',
      'Ask the operator for an initial access token.',
    ],
    [
      'a registration access token is required',
      'the client configuration endpoint needs the client’s token',
      'Send the token of the newest answer.',
    ],
    [
      'the master token is required',
      'a path of the operator',
      'Send the master token, or an access token that may do it.',
    ],
  ],
  unapproved_client: [
    [
      'the client awaits the approval of an operator',
      '`approval` is set, and nobody has decided yet',
      'Read the client again later: 200 means approved, 401 rejected.',
    ],
  ],
  not_found: [
    [
      'client registration is disabled',
      '`registration` is `disabled`',
      'Ask the operator. Registered clients go on working.',
    ],
    ['no such endpoint', 'the path is unknown', 'Take the endpoint from the metadata.'],
    ['no such client', 'operator: unknown or deleted', 'List the clients.'],
    [
      'no registration awaits approval under this code',
      'operator: mistyped, expired, cancelled, or registered',
      'Compare the code with the one that the client shows.',
    ],
    ['no such job', 'operator: unknown, or older than 90 days', 'List the jobs.'],
    ['no such initial access token', 'operator: unknown, or removed', 'List the tokens.'],
  ],
  method_not_allowed: [
    ['expected …', 'the path has other methods', 'Use a method of the `Allow` header.'],
  ],
  conflict: [
    [
      '… already by … at …',
      'operator: another decision was made on the registration',
      'Read the client: its `decision` holds. A rejected client can be enabled by `PATCH`.',
    ],
    [
      'the client does not await approval',
      'operator: it was registered without',
      'Disable or enable it by `PATCH`.',
    ],
    [
      'version: the client has another one; read it again',
      'operator: the client is not the one that was shown',
      'Read the client, then decide.',
    ],
    [
      'the client awaits approval: decide on it, which enables it',
      'operator: `PATCH` cannot enable it',
      'Approve it: `POST /clients/{client_id}/approval`.',
    ],
    [
      'a dry run disabled no client',
      'operator: a dry run cannot be undone',
      'Run the job without `dry_run`.',
    ],
    [
      'a job that is … cannot be cancelled',
      'operator: only a running job can be',
      'Undo the job, if it should not have run.',
    ],
  ],
  content_too_large: [['expected at most … bytes', 'the body exceeds `limits.body`', 'Send less.']],
  unsupported_media_type: [
    [
      'expected content-type: …',
      'the header is missing or another',
      'Send `Content-Type: application/json`, or `application/jwt` where signed requests are required.',
    ],
    ['expected no content-encoding', 'the body is compressed', 'Send it uncompressed.'],
    [
      'expected charset=utf-8, or no charset',
      'another charset is declared',
      'Encode the body as UTF-8.',
    ],
  ],
  idempotency_key_reused: [
    [
      'this Idempotency-Key was used for another request; send that one unchanged, or another key',
      'within ten minutes, the same token and key came with another body or content type',
      'Generate a key for each registration, and send it unchanged only to repeat that one.',
    ],
  ],
  too_many_requests: [
    [
      'the client polls too fast',
      'a deferred registration was polled within `interval`, or twice at once',
      'Wait for the seconds of `Retry-After` before each poll.',
    ],
    [
      'the hourly limit of registrations without a token is reached; try again in the next hour, or register with an initial access token',
      'the policy `maximum-anonymous-clients`',
      'As the description says. Do not register at each start.',
    ],
    [
      'the hourly limit of registrations without a token for this redirect host is reached; try again in the next hour, or register with an initial access token',
      'the policy `maximum-anonymous-clients` with `perHost`',
      'As the description says. Do not register at each start.',
    ],
  ],
  server_error: [
    [
      'internal server error',
      'a fault of the service',
      'Report it to the operator, with the time.',
    ],
    [
      'the generated client_id already exists',
      'the extension `client-id.ts` generates too few identifiers',
      'Repeat. Operator: correct the extension.',
    ],
    [
      'a policy of this request does not exist',
      'the client or its token names a policy that is no longer deployed',
      'Operator: deploy the policy again.',
    ],
    [
      'no unused verification code was generated',
      'billions of registrations are deferred at once',
      'Operator: lower `pendingRegistration.lifetime`, and limit registrations.',
    ],
    ['a policy of this request failed', 'a policy threw', 'Operator: the log has the cause.'],
  ],
  temporarily_unavailable: [
    [
      'the service is temporarily unavailable; retry later',
      'DynamoDB or Secrets Manager did not answer in time',
      retry,
    ],
    [
      'the client is being updated concurrently; retry later',
      'several updates at once',
      'Repeat, one at a time.',
    ],
    [
      'the keys of the issuer are temporarily unavailable; retry later',
      'the `jwks_uri` of an issuer did not answer',
      retry,
    ],
    [
      'another request with this Idempotency-Key was just carried out; retry later',
      'several equal requests at once',
      retry,
    ],
    [
      'other requests work on the job; retry later',
      'operator: several requests continue a job that is cancelled or undone',
      retry,
    ],
    ['a policy timed out; retry later', 'a policy waits for something', retry],
    [
      'the authorization server cannot take new clients at the moment; retry later',
      'the hook of registrations failed, or the server of a connector did not answer; nothing was stored',
      retry,
    ],
    [
      'the authorization server has almost reached its client quota; retry after clients were removed',
      'nine tenths of the app clients of a user pool of Amazon Cognito are in use',
      'Ask the operator.',
    ],
  ],
}
