import { readFileSync } from 'node:fs'

/** Calls back when npm, which started this process, has ended in a way that it could not pass on. */
export function exitWithParent(end: () => void) {
  const before = npmProcess()
  const look = setInterval(() => {
    if (npmProcess() === before) return
    clearInterval(look)
    end()
  }, 1_000)
  look.unref()
}

/** Our parent; or its parent where npm's shell stands between, which outlives npm and waits for us. */
function npmProcess(): number {
  try {
    // "pid (command) state parent …", on Linux; elsewhere the shell has usually replaced itself with us.
    const [, command = '', parent = ''] =
      /\((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${process.ppid}/stat`, 'utf8')) ?? []
    return /^(ba|da)?sh$/.test(command) ? Number(parent) : process.ppid
  } catch {
    return process.ppid
  }
}
