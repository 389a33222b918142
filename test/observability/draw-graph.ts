import { type Annotation, type Series, seriesOf, type Widget } from './dashboard-body.ts'
import { points, sample } from './sample-data.ts'
import { at, line, text } from './svg.ts'

/** Where a widget is drawn. */
export type Frame = {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A graph of a day: an axis, a line or an area for each metric, and a legend of those that show something. */
export function drawGraph(widget: Widget, frame: Frame): string {
  const { title, stacked = false, annotations } = widget.properties
  const all = seriesOf(widget).map((series) => ({ series, values: sample(title, series.label) }))
  const isShown = ({ values }: { values: readonly number[] }) => values.some((value) => value > 0)
  const legend = stacked ? all.filter(isShown) : all
  const lines = annotations?.horizontal ?? []
  const longest = Math.max(...legend.map(({ series: { label } }) => label.length))
  const columns = longest > 20 ? 2 : 3
  const rows = Math.ceil(legend.length / columns)
  const plot = {
    x: frame.x + 46,
    y: frame.y + 36,
    width: frame.width - 72,
    height: frame.height - 62 - rows * 15,
  }
  const heights = stacked ? stack(all.map(({ values }) => values)) : all.map(({ values }) => values)
  const most = niceAbove(Math.max(...heights.flat(), ...lines.map(({ value }) => value), 0))
  const x = (index: number) => plot.x + (plot.width * index) / (points - 1)
  const y = (value: number) => plot.y + plot.height * (1 - value / most)
  const curve = (values: readonly number[]) =>
    values.map((value, index) => [x(index), y(value)] as const)

  const drawn = all.map(({ series }, index) => {
    const top = heights[index] ?? []
    if (!stacked) return line(curve(top), series.color, 'stroke-width="1.6"')
    const below = heights[index - 1] ?? new Array<number>(points).fill(0)
    const outline = [...curve(top), ...curve(below).reverse()]
    return `<polygon points="${outline.map(([px, py]) => `${at(px)},${at(py)}`).join(' ')}" fill="${series.color}" fill-opacity="0.75"/>`
  })
  return [
    axes(plot, most),
    ...drawn,
    ...lines.map((annotation) => threshold(annotation, plot, y(annotation.value))),
    ...legend.map(({ series }, index) => key(series, frame, index, { columns, rows })),
  ].join('\n')
}

/** Each on top of those before it. */
function stack(all: readonly (readonly number[])[]): number[][] {
  const sums = new Array<number>(points).fill(0)
  return all.map((values) =>
    values.map((value, index) => {
      sums[index] = (sums[index] ?? 0) + value
      return sums[index] ?? 0
    }),
  )
}

/** The next of 1, 2, 5, 10, 20, … that holds this value. */
function niceAbove(value: number): number {
  if (value <= 1) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  return power * ([1, 2, 2.5, 5, 10].find((step) => step * power >= value) ?? 10)
}

function axes(plot: Frame, most: number): string {
  const right = plot.x + plot.width
  const marks = [0, 0.5, 1].flatMap((part) => {
    const y = plot.y + plot.height * (1 - part)
    const value = (most * part).toLocaleString('en')
    return [
      line(
        [
          [plot.x, y],
          [right, y],
        ],
        '#e9ebed',
      ),
      text(plot.x - 6, y + 4, value, { anchor: 'end', size: 10 }),
    ]
  })
  const hours = [0, 6, 12, 18, 24].map((hour) =>
    text(plot.x + (plot.width * hour) / 24, plot.y + plot.height + 14, `${hour}:00`, {
      anchor: 'middle',
      size: 10,
    }),
  )
  return [...marks, ...hours].join('\n')
}

const threshold = ({ label, color }: Annotation, plot: Frame, y: number): string =>
  [
    line(
      [
        [plot.x, y],
        [plot.x + plot.width, y],
      ],
      color,
      'stroke-dasharray="5 3"',
    ),
    text(plot.x + plot.width, y - 4, label, { anchor: 'end', fill: color, size: 10 }),
  ].join('\n')

type Legend = { readonly columns: number; readonly rows: number }

function key(
  { label, color }: Series,
  frame: Frame,
  index: number,
  { columns, rows }: Legend,
): string {
  const x = frame.x + 14 + ((index % columns) * (frame.width - 20)) / columns
  const y = frame.y + frame.height - 10 - (rows - 1 - Math.floor(index / columns)) * 15
  return `<circle cx="${at(x)}" cy="${at(y - 3)}" r="4" fill="${color}"/>${text(x + 8, y, label, { size: 10 })}`
}
