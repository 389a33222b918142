const dayMs = 86_400_000

/** Emulates a nightly schedule: calls `run` once a day, until the result is called. */
export function startSchedule(run: () => void): () => void {
  const timer = setInterval(run, dayMs)
  return () => clearInterval(timer)
}
