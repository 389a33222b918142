import { servePrivately } from './private-endpoint.ts'

const dayMs = 86_400_000
const maxDays = 3650

/** Emulates a nightly schedule: calls `run` once a day, until the result is called. */
export function startSchedule(run: () => void): () => void {
  const timer = setInterval(run, dayMs)
  return () => clearInterval(timer)
}

/** Runs a night on request: `POST <url>?days=<days to let pass before>`. */
export const serveSchedule = (runNight: (afterMs: number) => Promise<unknown>) =>
  servePrivately({
    async answer({ method, url = '' }) {
      const days = new URLSearchParams(url.split('?')[1]).get('days') ?? '0'
      if (method !== 'POST') return { status: 405, body: { message: 'expected POST' } }
      if (!/^\d{1,4}$/.test(days) || Number(days) > maxDays)
        return { status: 400, body: { message: `days: expected 0 to ${maxDays}` } }
      try {
        return { body: await runNight(Number(days) * dayMs) }
      } catch (error) {
        return { status: 500, body: { message: String(error) } }
      }
    },
    contentType: 'application/json',
    forbidden: { message: 'unknown path' },
  })
