/** Commands to paste: for PowerShell on Windows, for a POSIX shell elsewhere. */
export type Shell = {
  /** Command that sets an environment variable. */
  set(name: string, value: string): string
  /** Command line with an environment variable set. */
  run(name: string, value: string, command: string): string
  /** Expansion of an environment variable inside double quotes. */
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
  // In Windows PowerShell, `curl` without the extension is an alias of Invoke-WebRequest.
  curl: 'curl.exe',
}

export const shellFor = (platform: NodeJS.Platform): Shell =>
  platform === 'win32' ? powerShell : posix
