/** Text of an SVG element, escaped. */
export const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

/** A number as SVG writes it: one digit after the point. */
export const at = (value: number): string => String(Math.round(value * 10) / 10)

type TextStyle = {
  readonly size?: number
  readonly fill?: string
  readonly anchor?: 'start' | 'middle' | 'end'
  readonly bold?: boolean
}

export const text = (
  x: number,
  y: number,
  content: string,
  { size = 11, fill = '#414d5c', anchor = 'start', bold = false }: TextStyle = {},
): string =>
  `<text x="${at(x)}" y="${at(y)}" font-size="${size}" fill="${fill}" text-anchor="${anchor}"${bold ? ' font-weight="600"' : ''}>${escaped(content)}</text>`

export const box = (x: number, y: number, width: number, height: number, style: string): string =>
  `<rect x="${at(x)}" y="${at(y)}" width="${at(width)}" height="${at(height)}" ${style}/>`

export const line = (
  points: readonly (readonly [number, number])[],
  stroke: string,
  more = '',
): string =>
  `<polyline points="${points.map(([x, y]) => `${at(x)},${at(y)}`).join(' ')}" fill="none" stroke="${stroke}" ${more}/>`
