/** Points of a day: one each quarter of an hour. */
export const points = 96

type Sample = {
  /** The height of the middle of the day. */
  readonly level: number
  /** How much of it stays at night. */
  readonly floor?: number
  readonly noise?: number
  /** Added between 14:15 and 15:15, while somebody guesses tokens. */
  readonly incident?: number
}

/** A day on which somebody guesses tokens in the afternoon, by the labels of the dashboard's lines. */
const day: Readonly<Record<string, Sample>> = {
  all: { level: 900, incident: 420 },
  'refused (4xx)': { level: 40, noise: 0.6, incident: 420 },
  invalid_client_metadata: { level: 14, noise: 0.8 },
  invalid_redirect_uri: { level: 6, noise: 1 },
  invalid_token: { level: 12, noise: 0.7, incident: 400 },
  missing_token: { level: 4, noise: 1 },
  insufficient_scope: { level: 2, noise: 1 },
  not_found: { level: 4, noise: 1 },
  'Latency (ms) p50': { level: 24, floor: 0.8, noise: 0.1 },
  'Latency (ms) p99': { level: 480, floor: 0.6, noise: 0.4 },
  'DynamoDB time per request (ms) p50': { level: 6, floor: 0.9, noise: 0.1 },
  'DynamoDB time per request (ms) p99': { level: 28, floor: 0.7, noise: 0.4 },
  'clients registered': { level: 60, noise: 0.3 },
  'tokens issued': { level: 48, noise: 0.4 },
  'tokens consumed': { level: 46, noise: 0.4 },
  rotations: { level: 260, noise: 0.2 },
  conflicts: { level: 3, noise: 1 },
  'lag (ms)': { level: 620, floor: 0.8, noise: 0.3 },
}

/** What a line might show: the same for the same line each time. */
export function sample(title: string, label: string): readonly number[] {
  const found = day[label] ?? day[`${title} ${label}`]
  if (found === undefined) return new Array<number>(points).fill(0)
  const { level, floor = 0.15, noise = 0.2, incident = 0 } = found
  const random = randomOf(`${title} ${label}`)
  return Array.from({ length: points }, (_, index) => {
    const daylight = floor + (1 - floor) * Math.sin((Math.PI * index) / points) ** 2
    const attacked = index >= 57 && index < 61 ? incident : 0
    return Math.max(0, level * daylight * (1 + noise * (random() - 0.5) * 2) + attacked)
  })
}

/** Numbers from 0 to 1 that look random, and are the same for the same text. */
function randomOf(text: string): () => number {
  let state = 2166136261
  for (const character of text) state = Math.imul(state ^ character.charCodeAt(0), 16777619)
  return () => {
    state = Math.imul(state ^ (state >>> 15), 2246822519) + 374761393
    return (state >>> 0) / 2 ** 32
  }
}

/** Alarms that are on while tokens are guessed; the others are not. */
export const alarmsOn = ['AuthorizationFailures']

/** Rows of the last faults. */
export const faultRows: readonly (readonly string[])[] = [
  [
    '11:42:07',
    'internal server error',
    '',
    '',
    'Error',
    'policy check-owner failed',
    'TypeError: fetch failed',
    'aBcD12=',
    'RegisterClient',
  ],
  ['11:42:07', 'request', 'register', '500', '', '', '', 'aBcD12=', 'RegisterClient'],
  ['09:02:31', 'timeout', '', '', '', '', '', '79b4f56e', 'Clients'],
  [
    '04:18:26',
    'EventBridge did not answer',
    '',
    '',
    'TimeoutError',
    'no answer within 2000 ms',
    '',
    '',
    'PublishEvents',
  ],
  ['03:10:55', 'request', 'read', '503', '', '', '', 'kLmN34=', 'ClientConfiguration'],
]
