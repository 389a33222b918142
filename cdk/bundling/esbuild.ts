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

/** esbuild options of every bundle that Node runs. */
export const bundling = {
  platform: 'node',
  target: 'node24',
  format: 'esm',
  bundle: true,
  minify: true,
  // The SDK's ES modules tree-shake to a third less code than the CommonJS ones, and start in half
  // the time.
  mainFields: ['module', 'main'],
  sourcemap: true,
  sourcesContent: false,
  // CommonJS dependencies call `require`, which ES modules do not define.
  banner: {
    js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
  },
  logLevel: 'warning',
} satisfies BuildOptions
