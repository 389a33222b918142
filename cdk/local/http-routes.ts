/** One route of an HTTP API, such as `ANY /register/{client_id}` or `$default`. */
export type RouteKey = string

/** The route that API Gateway selects, and the raw values of its path parameters. */
export type RouteMatch = {
  readonly routeKey: RouteKey
  readonly parameters: Readonly<Record<string, string>>
}

/**
 * Selects a route in order of precedence: exact segments, parameters, `{greedy+}`, then `$default`;
 * a specific method before ANY.
 */
export function matchRoute(
  routeKeys: readonly RouteKey[],
  method: string,
  rawPath: string,
): RouteMatch | undefined {
  const matches = routeKeys
    .filter((routeKey) => routeKey !== '$default')
    .map((routeKey) => ({ routeKey, ...parse(routeKey) }))
    .filter((route) => route.method === 'ANY' || route.method === method)
    .flatMap((route) => {
      const parameters = matchPath(route.path, rawPath)
      return parameters === undefined ? [] : [{ ...route, parameters, rank: rank(route) }]
    })
    .sort((one, other) => (one.rank < other.rank ? -1 : 1))
  const [first] = matches
  if (first !== undefined) return { routeKey: first.routeKey, parameters: first.parameters }
  return routeKeys.includes('$default') ? { routeKey: '$default', parameters: {} } : undefined
}

type Route = { readonly method: string; readonly path: string }

function parse(routeKey: RouteKey): Route {
  const [method = '', path = ''] = routeKey.split(' ')
  return { method, path }
}

const isGreedy = (segment: string) => /^\{[^}]+\+\}$/.test(segment)
const isParameter = (segment: string) => /^\{[^}]+\}$/.test(segment)

/** Sort key, compared segment by segment. The most specific route sorts first. */
function rank({ method, path }: Route): string {
  const kinds = path.split('/').map((part) => (isGreedy(part) ? 2 : isParameter(part) ? 1 : 0))
  return `${kinds.join('')}${method === 'ANY' ? 1 : 0}`
}

function matchPath(path: string, rawPath: string): Record<string, string> | undefined {
  const wanted = path.split('/')
  const given = rawPath.split('/')
  const parameters: Record<string, string> = {}
  for (const [index, segment] of wanted.entries()) {
    if (isGreedy(segment)) {
      const rest = given.slice(index).join('/')
      return rest === '' ? undefined : { ...parameters, [segment.slice(1, -2)]: rest }
    }
    const value = given[index]
    if (value === undefined) return undefined
    if (isParameter(segment) && value !== '') parameters[segment.slice(1, -1)] = value
    else if (segment !== value) return undefined
  }
  return given.length === wanted.length ? parameters : undefined
}
