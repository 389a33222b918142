import type { IncomingMessage } from 'node:http'

/** How long a client may go on sending a body that was refused, before its connection is cut. */
const drainTimeoutMs = 5_000

/** The whole body, or undefined when it is larger than the limit; never more than the limit is kept. */
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

/** Reads on without keeping anything: most clients read the answer only after they have sent everything. */
function drain(request: IncomingMessage): undefined {
  const cut = setTimeout(() => request.destroy(), drainTimeoutMs)
  request.once('close', () => clearTimeout(cut))
  request.once('error', () => {})
  request.resume()
}
