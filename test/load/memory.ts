import { readdirSync, readFileSync } from 'node:fs'

/** Resident memory in MB of a process and of all that it started. Linux only. */
export function residentMegabytes(root: number): number {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) && statusField(Number(name), 'PPid')
    if (parent) parents.set(Number(name), parent)
  }
  const isBelow = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === root || isBelow(parents.get(pid)))
  const kilobytes = [...parents.keys()].filter(isBelow).map((pid) => statusField(pid, 'VmRSS') ?? 0)
  return kilobytes.reduce((sum, one) => sum + one, 0) / 1024
}

function statusField(pid: number, name: string): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1])
  } catch {
    // The process has ended.
    return undefined
  }
}
