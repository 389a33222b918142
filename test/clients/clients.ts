import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from '../../cdk/local/synthesis.ts'
import { TempDir } from '../deploy/temp-dir.ts'
import { startApi } from '../support/api.ts'
import { type Library, libraries } from './libraries.ts'
import { startMcpServer } from './mcp-server.ts'
import { installPrograms } from './programs.ts'
import { runLibrary } from './run-library.ts'
import { type Row, table, withTable } from './table.ts'

const help = `npm run clients [-- options]

Starts the service twice on loopback, with its defaults and with the profile mcp, and runs client libraries and
programs that others wrote against it: each registers, and reads, updates and deletes where it can. Prints the table
of the README. Exits 1 if a client fails, or if the README has another table. Needs python3 with venv, Java 17 or
newer and Maven; installs the Python libraries into .venv-clients, once.

  --write  writes the table into the README`

const { values: options } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const page = join(root, 'README.md')

async function main(tempDir: TempDir): Promise<void> {
  const programs = await installPrograms(tempDir)
  const rows: Row[] = []
  for (const mcp of [undefined, true] as const) {
    const api = await startApi({ settings: mcp ? { profile: 'mcp' } : {} })
    const mcpServer = await startMcpServer(api.service.url)
    const run = async (library: Library) => {
      const begin = Date.now()
      const given = {
        ISSUER: api.service.url,
        INITIAL_ACCESS_TOKEN: mcp ? '' : await api.initialAccessToken(),
        MCP_SERVER: mcpServer.url,
      }
      const seen = await runLibrary(library, { tempDir, programs, given, log: api.log })
      rows.push({ library, seen })
      console.log(seconds(begin), library.name, library.version, [...seen].join(', '))
    }
    try {
      for (const library of libraries.filter((library) => library.mcp === mcp)) {
        await run(library).catch((error: unknown) => {
          process.exitCode = 1
          console.log(
            'FAILED',
            library.name,
            library.version,
            error instanceof Error ? error.message : error,
          )
        })
      }
    } finally {
      await mcpServer.close()
      await api.service.close()
    }
  }
  if (process.exitCode === 1) return
  compare(table(rows))
}

const seconds = (begin: number) => `${((Date.now() - begin) / 1000).toFixed(1).padStart(5)} s`

function compare(lines: string): void {
  console.log(`\n${lines}\n`)
  const text = readFileSync(page, 'utf8')
  const wanted = withTable(text, lines)
  if (wanted === text) console.log('README.md has this table.')
  else if (options.write) {
    writeFileSync(page, wanted)
    console.log('Wrote the table into README.md.')
  } else {
    console.log('README.md has another table: npm run clients -- --write')
    process.exitCode = 1
  }
}

if (options.help) console.log(help)
else {
  const tempDir = await TempDir.open()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => void tempDir.close().finally(() => process.exit(1)))
  await main(tempDir).finally(() => tempDir.close())
}
