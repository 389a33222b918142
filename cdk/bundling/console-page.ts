import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'

const folder = join(import.meta.dirname, '../../functions/console/page')

/**
 * The operator console as one HTML document with inline style and script, so that versions never
 * mix.
 */
export function applicationsPage(): string {
  const html = readFileSync(join(folder, 'page.html'), 'utf8')
  return html
    .replace('<style></style>', () => `<style>${bundled('page.css')}</style>`)
    .replace('<script type="module"></script>', () => {
      return `<script type="module">${bundled('main.ts')}</script>`
    })
}

/** Bundles one file of the page with its imports. esbuild escapes `</style` and `</script`. */
function bundled(file: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [join(folder, file)],
    bundle: true,
    minify: true,
    format: 'esm',
    target: ['chrome123', 'firefox128', 'safari17.5'],
    write: false,
    logLevel: 'warning',
  })
  return outputFiles.map(({ text }) => text.trim()).join('')
}
