import type { Emulator } from './emulator.ts'
import type { TempDir } from './temp-dir.ts'

/** The AWS CLI, against the emulator: the words of one command to what it answers as JSON. */
export type Account = (...words: readonly string[]) => Promise<unknown>

export function openAccount(tempDir: TempDir, { environment }: Emulator): Account {
  return async (...words) => {
    const output = await tempDir.succeed('aws', {
      // Some services' commands do not read it from the environment.
      arguments: [
        ...words,
        '--output',
        'json',
        '--endpoint-url',
        environment.AWS_ENDPOINT_URL ?? '',
      ],
      environment,
    })
    return output.trim() === '' ? undefined : JSON.parse(output)
  }
}
