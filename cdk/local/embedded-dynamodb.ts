import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { type DynamodbEngine, findEngine } from './dynamodb-engine.ts'
import { freePort } from './free-port.ts'
import { temporaryDatabase } from './temporary-database.ts'

export type EmbeddedDynamodb = {
  readonly endpoint: string
  /** Resolves to a reason when the engine exits unexpectedly. */
  readonly died: Promise<string>
  close(): Promise<void>
}

/**
 * Starts the embedded DynamoDB on loopback. Stores data in the file if given, otherwise for this run
 * only. Throws an Error when it does not start.
 */
export async function startDynamodb(file: string | undefined, signal: AbortSignal) {
  const engine = findEngine()
  if (file !== undefined || engine.prepare === undefined) return startEngine(engine, file, signal)
  const temporary = temporaryDatabase()
  const isWindows = process.platform === 'win32'
  try {
    const running = await startEngine(engine, temporary.file, signal)
    if (!isWindows) return running
    return { ...running, close: () => running.close().finally(temporary.remove) }
  } finally {
    // Elsewhere the engine keeps an open file without its name, so that no exit can leave it behind.
    if (!isWindows) temporary.remove()
  }
}

async function startEngine(
  engine: DynamodbEngine,
  file: string | undefined,
  signal: AbortSignal,
): Promise<EmbeddedDynamodb> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort()
    const running = spawnEngine(engine, port, file)
    if (await isReady(port, running, engine.startTimeoutMs, signal)) {
      if (file !== undefined) engine.prepare?.(file)
      return handle(port, running)
    }
    stop(running)
    signal.throwIfAborted()
    // Another process may have taken the port between the check and the engine's start.
    if (attempt < 3) continue
    const damaged =
      file === undefined
        ? ''
        : `; --data: ${file} may be damaged: restore it, or remove it to begin without data`
    throw new Error(`The embedded DynamoDB (${engine.program}) did not start${damaged}`)
  }
}

/** Stops the engine when its standard input closes, which happens however this process exits. */
const wrapperScript = `exec 3<&0
"$0" "$@" </dev/null & engine=$!
(cat <&3 >/dev/null; kill $engine 2>/dev/null) &
wait $engine`

function spawnEngine(
  { program, arguments: argumentsFor }: DynamodbEngine,
  port: number,
  file: string | undefined,
): ChildProcess {
  const all = argumentsFor(port, file)
  const environment = { stdio: ['pipe', 'ignore', 'ignore'] as ['pipe', 'ignore', 'ignore'] }
  if (process.platform === 'win32') return spawn(program, all, environment)
  // A separate process group: otherwise Ctrl-C would stop the engine before the Lambdas.
  return spawn('sh', ['-c', wrapperScript, program, ...all], { ...environment, detached: true })
}

function handle(port: number, engine: ChildProcess): EmbeddedDynamodb {
  let asked = false
  const lastResort = () => stop(engine)
  process.once('exit', lastResort)
  const ended = new Promise<void>((resolve) => engine.once('exit', () => resolve()))
  return {
    endpoint: `http://127.0.0.1:${port}`,
    died: ended.then(() =>
      asked ? new Promise(() => {}) : 'The embedded DynamoDB ended unexpectedly.',
    ),
    async close() {
      asked = true
      stop(engine)
      await ended
      process.removeListener('exit', lastResort)
    },
  }
}

function stop(engine: ChildProcess) {
  if (engine.pid === undefined) return
  try {
    if (process.platform === 'win32') engine.kill()
    else process.kill(-engine.pid, 'SIGTERM')
  } catch {
    // The engine has already exited.
  }
}

async function isReady(port: number, engine: ChildProcess, timeoutMs: number, signal: AbortSignal) {
  for (let waitedMs = 0; waitedMs < timeoutMs; waitedMs += 25) {
    if (engine.exitCode !== null || engine.signalCode !== null || signal.aborted) return false
    const answer = await fetch(`http://127.0.0.1:${port}`, { method: 'POST' }).catch(() => null)
    if (answer !== null) return engine.exitCode === null
    await sleep(25)
  }
  return false
}
