import type { IncomingMessage } from 'node:http'

/** Time that a client may continue to send a rejected body before the connection is closed. */
const drainTimeoutMs = 5_000

/**
 * Reads the body; undefined when it is larger than the limit in bytes. Never buffers more than the
 * limit.
 */
export async function readBody(
  request: IncomingMessage,
  limit: number,
): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return drain(request)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= limit) chunks.push(chunk)
      else {
        chunks.length = 0
        request.removeAllListeners('data')
        resolve(drain(request))
      }
    })
    request.once('end', () => resolve(Buffer.concat(chunks)))
    request.once('error', reject)
  })
}

/** Discards the rest of the body: most clients read the response only after sending everything. */
function drain(request: IncomingMessage): undefined {
  const cut = setTimeout(() => request.destroy(), drainTimeoutMs)
  request.once('close', () => clearTimeout(cut))
  request.once('error', () => {})
  request.resume()
}
