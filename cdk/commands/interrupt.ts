/**
 * Makes the first Ctrl-C a request to stop, which the returned function reports, so that a command
 * can end what it has begun. A second Ctrl-C ends the process at once.
 */
export function watchInterrupt(): () => boolean {
  let isInterrupted = false
  process.once('SIGINT', () => {
    isInterrupted = true
  })
  return () => isInterrupted
}
