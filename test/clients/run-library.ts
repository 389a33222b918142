import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { TempDir } from '../deploy/temp-dir.ts'
import { type Library, type Operation, operations } from './libraries.ts'
import type { Programs } from './programs.ts'

/** What a program is given: the service, a token to register with, an MCP server. */
export type Given = {
  readonly ISSUER: string
  readonly INITIAL_ACCESS_TOKEN: string
  readonly MCP_SERVER: string
}

const mcpRemote = fileURLToPath(import.meta.resolve('mcp-remote/dist/proxy.js'))

const timeoutMs = 60_000
const intervalMs = 50

/**
 * Runs the program of a library. Resolves to the requests of clients that the service logged as
 * successful; rejects where one is missing, or the program fails.
 */
export async function runLibrary(
  library: Library,
  {
    tempDir,
    programs,
    given,
    log,
  }: {
    readonly tempDir: TempDir
    readonly programs: Programs
    readonly given: Given
    readonly log: readonly string[]
  },
): Promise<ReadonlySet<Operation>> {
  const first = log.length
  const seen = () => successful(log.slice(first))
  const can = operations.filter((operation) => operation in library.can)

  const [program, ...words] = commandOf(library, programs, given)
  const child = tempDir.start(program, {
    arguments: words,
    environment: {
      ...process.env,
      ...given,
      PYTHONDONTWRITEBYTECODE: '1',
      // mcp-remote keeps what it registered there, and starts this as the browser.
      MCP_REMOTE_CONFIG_DIR: join(tempDir.directory, 'mcp-remote'),
      BROWSER: 'true',
      DISPLAY: '',
      WAYLAND_DISPLAY: '',
    },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  const closed = once(child, 'close')
  const deadline = Date.now() + timeoutMs

  if (library.program !== undefined) {
    const late = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
    const [code] = await closed
    clearTimeout(late)
    if (code !== 0) throw new Error(`the program failed (${code})\n${output}`)
  }
  while (can.some((operation) => !seen().has(operation))) {
    if (Date.now() > deadline)
      throw new Error(`the service saw only: ${[...seen()].join(', ') || 'nothing'}\n${output}`)
    await sleep(intervalMs)
  }
  if (library.program === undefined) {
    child.kill()
    await closed
  }
  const unexpected = [...seen()].filter((operation) => !can.includes(operation))
  if (unexpected.length > 0) throw new Error(`it can also ${unexpected.join(', ')}: say so`)
  return seen()
}

function commandOf(
  { program }: Library,
  { python, classpath }: Programs,
  { MCP_SERVER }: Given,
): readonly [string, ...string[]] {
  if (program === undefined) return [process.execPath, mcpRemote, MCP_SERVER]
  const file = join(import.meta.dirname, program)
  if (file.endsWith('.py')) return [python, file]
  if (file.endsWith('.java')) return ['java', '-cp', classpath, file]
  return [process.execPath, file]
}

type Logged = { readonly message?: string; readonly operation?: string; readonly outcome?: string }

function successful(lines: readonly string[]): ReadonlySet<Operation> {
  const requests = lines
    .map((line) => JSON.parse(line) as Logged)
    .filter(({ message, outcome }) => message === 'request' && outcome === 'ok')
  return new Set(operations.filter((name) => requests.some(({ operation }) => operation === name)))
}
