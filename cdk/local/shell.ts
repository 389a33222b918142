/** Lines for people to paste: for PowerShell on Windows, for any POSIX shell elsewhere. */
export type Shell = {
  /** Sets an environment variable. */
  set(name: string, value: string): string
  /** Runs a command with an environment variable. */
  run(name: string, value: string, command: string): string
  /** The value of an environment variable, in a text in double quotes. */
  variable(name: string): string
  readonly curl: string
}

const posix: Shell = {
  set: (name, value) => `export ${name}='${value.replaceAll("'", "'\\''")}'`,
  run: (name, value, command) => `${name}=${value} ${command}`,
  variable: (name) => `$${name}`,
  curl: 'curl',
}

const powerShell: Shell = {
  set: (name, value) => `$env:${name} = '${value.replaceAll("'", "''")}'`,
  run: (name, value, command) => `$env:${name} = '${value}'; ${command}`,
  variable: (name) => `$env:${name}`,
  // Without its extension it is an alias for something else there.
  curl: 'curl.exe',
}

export const shellFor = (platform: NodeJS.Platform): Shell =>
  platform === 'win32' ? powerShell : posix
