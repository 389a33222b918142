import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { applicationsFile } from '../../functions/environment.ts'
import { bundle } from './esbuild.ts'
import { isPublishedPackage, prebuilt, root } from './package-root.ts'

const folder = join(root, 'functions/console/page')

/**
 * The operator console as one HTML document with inline style and script, so that versions never
 * mix. The published package has it ready.
 */
export function applicationsPage(): string {
  if (isPublishedPackage) return readFileSync(join(prebuilt, 'clients', applicationsFile), 'utf8')
  const html = readFileSync(join(folder, 'page.html'), 'utf8')
  return html
    .replace('<style></style>', () => `<style>${bundled('page.css')}</style>`)
    .replace('<script type="module"></script>', () => {
      return `<script type="module">${bundled('main.ts')}</script>`
    })
}

/** Bundles one file of the page with its imports. esbuild escapes `</style` and `</script`. */
function bundled(file: string): string {
  const outputs = bundle({
    entryPoints: [join(folder, file)],
    minify: true,
    format: 'esm',
    target: ['chrome123', 'firefox128', 'safari17.5'],
    logLevel: 'warning',
  })
  return outputs.map(({ text }) => text.trim()).join('')
}
