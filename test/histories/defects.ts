import type { Body, Defect } from './instance.ts'

/** A condition that holds for every item, and names the same values: DynamoDB rejects unused ones. */
const orExists = (condition: string): string => `((${condition}) OR attribute_exists(pk))`

/** Alters the conditions of the writes of a request, alone or in a transaction. */
function alterConditions(body: Body, alter: (condition: string, write: Body) => string): Body {
  const altered = (write: Body): Body =>
    typeof write.ConditionExpression === 'string'
      ? { ...write, ConditionExpression: alter(write.ConditionExpression, write) }
      : write
  if (!Array.isArray(body.TransactItems)) return altered(body)
  const TransactItems = body.TransactItems.map((item: Record<string, Body>) =>
    Object.fromEntries(Object.entries(item).map(([kind, write]) => [kind, altered(write)])),
  )
  return { ...body, TransactItems }
}

const says = ({ UpdateExpression }: Body, text: string): boolean =>
  String(UpdateExpression).includes(text)

/** Stores that are broken on purpose: the search must find an impossible history of each. */
export const defects: readonly Defect[] = [
  {
    name: 'a rotation without its condition',
    request: (_, body) =>
      alterConditions(body, (condition, write) =>
        says(write, '#rotation_nonce = ') ? orExists(condition) : condition,
      ),
  },
  {
    name: 'a consumption without its condition',
    operations: ['register', 'issue', 'revoke'],
    request: (_, body) =>
      alterConditions(body, (condition, write) =>
        says(write, 'uses_left') ? orExists(condition) : condition,
      ),
  },
  {
    name: 'an expiry that is not in the condition',
    operations: ['register', 'read', 'update', 'issue'],
    request: (_, body) =>
      alterConditions(body, (condition) =>
        condition.replaceAll(/(token_)?expires_at > :now/g, '($& OR attribute_exists(pk))'),
      ),
  },
  {
    name: 'a rule for lost responses that believes every write',
    operations: ['register', 'read', 'update'],
    response: ({ ExpressionAttributeValues }, response, attempt) => {
      const { ':write_id': write_id } = (ExpressionAttributeValues ?? {}) as Body
      const { Item } = response
      const isRejected = String(response.__type).endsWith('ConditionalCheckFailedException')
      if (attempt === 1 || !isRejected || write_id === undefined || Item === undefined)
        return response
      return { ...response, Item: { ...(Item as Body), write_id } }
    },
  },
  {
    name: 'a deletion that ignores the token',
    request: (target, body) => (target === 'DeleteItem' ? alterConditions(body, orExists) : body),
  },
  {
    name: 'a client made stale without its condition on use',
    operations: ['night', 'report', 'read'],
    request: (_, body) =>
      alterConditions(body, (condition, write) =>
        says(write, '#stale_at = ') ? orExists(condition) : condition,
      ),
  },
  {
    name: 'a use that does not revive',
    operations: ['night', 'report', 'read'],
    request: (_, body) => {
      const { UpdateExpression } = body
      return says(body, 'last_used_at = :used_at REMOVE stale_at')
        ? { ...body, UpdateExpression: String(UpdateExpression).replace('REMOVE stale_at ', '') }
        : body
    },
  },
  {
    name: 'a decision on a client without its condition',
    operations: ['register', 'approve', 'reject'],
    request: (_, body) =>
      alterConditions(body, (condition, write) =>
        says(write, '#decision = ') ? orExists(condition) : condition,
      ),
  },
  {
    name: 'a decision on a deferred registration without its condition',
    operations: ['defer', 'poll', 'approve deferred', 'reject deferred'],
    request: (_, body) =>
      alterConditions(body, (condition, write) =>
        says(write, 'SET decision = ') ? orExists(condition) : condition,
      ),
  },
  {
    name: 'a renewal by the operator without its condition',
    operations: ['renew by operator', 'authenticate'],
    request: (_, body) =>
      alterConditions(body, (condition) =>
        condition === 'version = :this_version' ? orExists(condition) : condition,
      ),
  },
  {
    name: 'a shared creation without its condition',
    operations: ['share', 'disable', 'delete by operator'],
    request: (_, body) =>
      alterConditions(body, (condition, { Item }) =>
        JSON.stringify(Item ?? '').includes('"CLIENT#shared_') ? orExists(condition) : condition,
      ),
  },
  {
    name: 'an approved registration that registers without being consumed',
    operations: ['defer', 'poll', 'approve deferred'],
    request: (_, body) =>
      alterConditions(body, (condition) =>
        condition.includes('decision.outcome')
          ? `((${condition}) OR attribute_not_exists(pk))`
          : condition,
      ),
  },
]
