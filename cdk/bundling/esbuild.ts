import { createRequire } from 'node:module'
import type { BuildOptions, OutputFile } from 'esbuild'

/**
 * Bundles in memory. esbuild is loaded here only: the published package has its bundles ready, and
 * needs esbuild for extensions alone. Throws an Error that says so where it is not installed.
 */
export function bundle(options: BuildOptions): readonly OutputFile[] {
  return esbuild().buildSync({ ...options, bundle: true, write: false }).outputFiles ?? []
}

function esbuild(): typeof import('esbuild') {
  try {
    return createRequire(import.meta.url)('esbuild')
  } catch (cause) {
    throw new Error('extensions are bundled by esbuild: run `npm install --save-dev esbuild`', {
      cause,
    })
  }
}
