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
    request: (_, body) =>
      alterConditions(body, (condition, write) =>
        says(write, 'uses_left') ? orExists(condition) : condition,
      ),
  },
  {
    name: 'an expiry that is not in the condition',
    request: (_, body) =>
      alterConditions(body, (condition) =>
        condition.replaceAll(/(token_)?expires_at > :now/g, '($& OR attribute_exists(pk))'),
      ),
  },
  {
    name: 'a rule for lost responses that believes every write',
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
]
