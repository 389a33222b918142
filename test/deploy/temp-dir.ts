import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Environment = Readonly<Record<string, string | undefined>>

/** What a command printed, and how it ended. */
export type Ended = { readonly code: number; readonly output: string; readonly errors: string }

export type Command = {
  readonly arguments: readonly string[]
  readonly environment: Environment
  readonly directory?: string
}

/** A temporary folder and the processes begun here. Closing ends those, and no others, and removes the folder. */
export class TempDir {
  readonly directory: string
  readonly #running = new Set<ChildProcess>()
  #closed = false

  private constructor(directory: string) {
    this.directory = directory
  }

  static async open(): Promise<TempDir> {
    return new TempDir(await mkdtemp(join(tmpdir(), 'deploy-test-')))
  }

  /** Starts a program in a process group of its own, so that Ctrl-C reaches it through `close` only. */
  start(program: string, { arguments: words, environment, directory }: Command): ChildProcess {
    if (this.#closed) throw new Error('stopped')
    const child = spawn(program, words, {
      cwd: directory ?? this.directory,
      env: { ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    this.#running.add(child)
    child.once('close', () => this.#running.delete(child))
    return child
  }

  /** Runs a program to its end. */
  async run(program: string, command: Command): Promise<Ended> {
    const child = this.start(program, command)
    let output = ''
    let errors = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      errors += text
    })
    const [code] = await once(child, 'close')
    return { code: code ?? 1, output, errors }
  }

  /** Runs a program that must succeed; resolves to what it printed. */
  async succeed(program: string, command: Command): Promise<string> {
    const { code, output, errors } = await this.run(program, command)
    if (code === 0) return output
    throw new Error(`${[program, ...command.arguments].join(' ')}\n${output}${errors}`)
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#running].map(end))
    await rm(this.directory, { recursive: true, force: true, maxRetries: 3 })
  }
}

async function end(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close')
  signal(child, 'SIGTERM')
  const late = setTimeout(() => signal(child, 'SIGKILL'), 5_000)
  await closed
  clearTimeout(late)
  // Workers that the program left behind, where it was killed before it could end them.
  signal(child, 'SIGKILL')
}

/** To the whole process group. */
function signal({ pid }: ChildProcess, name: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, name)
  } catch {
    // It has ended.
  }
}
