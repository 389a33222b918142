/** A line, without its end. */
export type Line = {
  /** From 1. */
  readonly number: number
  readonly bytes: Uint8Array
  /** Bytes up to the end of the line, which is missing after the last line of an interrupted file. */
  readonly end: number
  readonly isEnded: boolean
}

/** An item of DynamoDB has at most 400 KB. */
const maxLineBytes = 1_048_576

/**
 * Splits NDJSON into lines, at line feeds only: a JSON text may contain the other line separators of
 * Unicode. Throws an Error for a line above 1 MiB.
 */
export async function* readLines(input: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let number = 0
  let position = 0
  let rest: Uint8Array = new Uint8Array()
  const line = (bytes: Uint8Array, isEnded: boolean): Line => {
    number += 1
    position += bytes.length + (isEnded ? 1 : 0)
    return { number, bytes, end: position, isEnded }
  }
  for await (const chunk of input) {
    let data: Uint8Array = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    for (let feed = data.indexOf(10); feed !== -1; feed = data.indexOf(10)) {
      yield line(data.subarray(0, feed), true)
      data = data.subarray(feed + 1)
    }
    if (data.length > maxLineBytes)
      throw new Error(`line ${number + 1} is longer than 1 MiB: expected one JSON object a line`)
    rest = data
  }
  if (rest.length > 0) yield line(rest, false)
}

/** Decodes a line. Throws a TypeError unless it is UTF-8. */
export const decodeLine = ({ bytes }: Line): string =>
  new TextDecoder('utf-8', { fatal: true }).decode(bytes)
