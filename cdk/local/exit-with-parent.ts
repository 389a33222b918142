import { readFileSync } from 'node:fs'

/**
 * Calls `end` when the npm process that started this one has exited without forwarding a signal.
 */
export function exitWithParent(end: () => void) {
  const before = npmProcess()
  const look = setInterval(() => {
    if (npmProcess() === before) return
    clearInterval(look)
    end()
  }, 1_000)
  look.unref()
}

/**
 * Process id of npm: the parent, or its parent when npm's shell is in between. That shell outlives
 * npm and waits for this process.
 */
function npmProcess(): number {
  try {
    // Linux: "pid (command) state parent …". Elsewhere the shell has usually replaced itself with
    // this process (exec).
    const [, command = '', parent = ''] =
      /\((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${process.ppid}/stat`, 'utf8')) ?? []
    return /^(ba|da)?sh$/.test(command) ? Number(parent) : process.ppid
  } catch {
    return process.ppid
  }
}
