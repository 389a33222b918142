import type { Call, History } from './call.ts'
import type { Linearization } from './linearizability.ts'

/** A history for people: one line for each call, with short names instead of tokens. */
export function describeHistory(
  { calls, server }: History,
  { order }: Linearization<Call>,
): string {
  const names = new Map<string, string>()
  const shorten = (text: string) =>
    text.replaceAll(/"((rat|iat)_[\w-]+|[\w-]+\.[\w-]+\.[\w-]+)"/g, (_, token: string) => {
      if (!names.has(token)) names.set(token, `${token.slice(0, 3)}${names.size}`)
      return names.get(token) ?? ''
    })
  const text = (value: unknown) => shorten(JSON.stringify(value)).replaceAll('"', '')
  const sorted = [...calls].sort((one, other) => one.begin - other.begin)
  const line = (call: Call) => {
    const { begin, end, caller, id, operation, given, now, outcome, requests } = call
    const interval = `[${begin}, ${end === Infinity ? '?' : end}]`.padEnd(10)
    const result =
      outcome.is === 'ok'
        ? text(outcome.response)
        : outcome.is === 'rejected'
          ? outcome.code
          : '503'
    const place = order.includes(call) ? '' : ' <- has no place'
    return `${interval} caller ${caller} at ${now % 1_000}s ${id}: ${operation} ${text(given)} -> ${result}  {${requests.join(', ')}}${place}`
  }
  const { registrationAccessToken, approval, sharing, cleanUp } = server.settings
  return [
    `approval ${approval}, sharing ${sharing}, clean-up ${cleanUp.mode}, ${text(registrationAccessToken)}`,
    ...sorted.map(line),
    `Longest order: ${order.map(({ id }) => id).join(' ')}`,
  ].join('\n')
}
