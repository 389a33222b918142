import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { fileURLToPath } from 'node:url'

/**
 * The source map of this bundle. It is loaded at the first fault, because Node's own source map
 * support would parse it at every cold start.
 */
let map: SourceMap | undefined
let isRead = false

function sourceMap(): SourceMap | undefined {
  if (isRead) return map
  isRead = true
  try {
    map = new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(import.meta.url)}.map`, 'utf8')))
  } catch {
    // There is no source map when the code is not bundled.
  }
  return map
}

/** Maps the positions in a stack trace from this bundle to the original source files. */
export const originalPositions = (stack: string): string =>
  stack.replaceAll(
    /\(?(?:file:\/\/)?[^\s()]*index\.mjs:(\d+):(\d+)\)?/g,
    (position, line, column) => {
      const origin = sourceMap()?.findOrigin(Number(line), Number(column))
      return origin && 'fileName' in origin
        ? `(${origin.fileName}:${origin.lineNumber}:${origin.columnNumber})`
        : position
    },
  )
