import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listen } from '../support/loopback.ts'

/** The connections of a process that can end between any two of its calls. */
export type Connections = {
  /** The URL of a server as the process reaches it. */
  via(target: string): Promise<string>
  /** Lets so many calls pass, and ends the process before or after the next takes effect. */
  crashAfter(calls: number, when: 'before' | 'after'): void
  /** A new process: whatever the one before sent later never arrived. */
  restart(): void
  /** Whether the process has ended. */
  readonly isDead: boolean
  close(): Promise<void>
}

export function connections(): Connections {
  const proxies: (() => Promise<void>)[] = []
  let crash: { readonly at: number; readonly when: 'before' | 'after' } | undefined
  let calls = 0
  let isDead = false

  async function relay(target: string, request: IncomingMessage, response: ServerResponse) {
    const body = Buffer.concat(await request.toArray())
    if (isDead) return response.destroy()
    const isCrash = crash !== undefined && calls === crash.at
    calls += 1
    if (isCrash) isDead = true
    if (isCrash && crash?.when === 'before') return response.destroy()
    const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers
    const { method = 'GET', url = '' } = request
    const init = { method, headers: headers as Record<string, string> }
    const answer = await fetch(target + url, body.length > 0 ? { ...init, body } : init)
    const text = Buffer.from(await answer.arrayBuffer())
    if (isCrash) return response.destroy()
    const type = answer.headers.get('content-type')
    response.writeHead(answer.status, type === null ? {} : { 'content-type': type })
    return response.end(text)
  }

  return {
    async via(target) {
      const proxy = createServer((request, response) => {
        relay(target, request, response).catch(() => response.destroy())
      })
      const { port, close } = await listen(proxy)
      proxies.push(close)
      return `http://127.0.0.1:${port}`
    },
    crashAfter(at, when) {
      crash = { at, when }
    },
    restart() {
      crash = undefined
      calls = 0
      isDead = false
    },
    get isDead() {
      return isDead
    },
    async close() {
      for (const close of proxies) await close()
    },
  }
}
