import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { fileURLToPath } from 'node:url'

/** The map beside this bundle, read by the first fault: Node would parse it at every cold start. */
let map: SourceMap | undefined
let isRead = false

function sourceMap(): SourceMap | undefined {
  if (isRead) return map
  isRead = true
  try {
    map = new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(import.meta.url)}.map`, 'utf8')))
  } catch {
    // Not bundled.
  }
  return map
}

/** A stack with the positions of this bundle as those of the files that it was made of. */
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
