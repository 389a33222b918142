import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'

/**
 * Whether a policy of the team's own may limit the clients of an owner: whether the word is in its code, or in what
 * that imports. Nothing of it is run. `extensions` is a folder that stands in for functions/extensions.
 */
export function limitClientsOfOwner(extensions: string | undefined): boolean {
  const own = join(import.meta.dirname, '../functions/extensions/policies.ts')
  const standIn = join(extensions ?? '', 'policies.ts')
  const { outputFiles } = buildSync({
    entryPoints: [extensions !== undefined && existsSync(standIn) ? standIn : own],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  })
  return outputFiles.some(({ text }) => text.includes('limitClientsOfOwner'))
}
