import { banner } from './banner.ts'
import { exitWithParent } from './exit-with-parent.ts'
import { commandLine } from './options.ts'
import { type Service, startService } from './service.ts'

const options = await commandLine(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${message(error)}\n`)
  process.exit(1)
})
const started = Date.now()
const stopping = new AbortController()
let service: Service | undefined

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt)
if (process.env.npm_lifecycle_event !== undefined) exitWithParent(interrupt)

try {
  service = await startService({
    ...options,
    signal: stopping.signal,
    log: (line) => process.stderr.write(`${line}\n`),
    onEvent: (event) =>
      process.stderr.write(`event ${event['detail-type']} ${JSON.stringify(event.detail)}\n`),
    progress: (step) => process.stderr.write(`${step} …\n`),
  })
  if (stopping.signal.aborted) await stop(130)
  console.log(banner(service, options.settingsFrom, Date.now() - started))
  service.broken.then((reason) => {
    process.stderr.write(`${reason}\n`)
    return stop(1)
  })
} catch (error) {
  if (stopping.signal.aborted) process.exit(130)
  process.stderr.write(`${message(error)}\n`)
  process.exit(1)
}

/**
 * The first signal shuts down gracefully. A second one exits immediately; exit handlers still run.
 */
function interrupt() {
  if (stopping.signal.aborted) process.exit(130)
  stopping.abort()
  if (service !== undefined) stop(0)
}

async function stop(code: number) {
  await service?.close()
  process.exit(code)
}

function message(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if ('code' in error && error.code === 'EADDRINUSE') {
    return `Port ${options.port} is in use; choose another with --port (0 is any free one).`
  }
  return error.message
}
