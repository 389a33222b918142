import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dashboardBody, type Widget } from './dashboard-body.ts'
import { drawGraph, type Frame } from './draw-graph.ts'
import { alarmsOn, faultRows } from './sample-data.ts'
import { box, text } from './svg.ts'

export const picture = join(import.meta.dirname, '../../cdk/monitoring/dashboard.svg')

/** Pixels of a column, a row, and between widgets. */
const unit = { column: 50, row: 36, gap: 8 }

/** The layout of the synthesized dashboard with the data of a made-up day, as an SVG. */
export function drawDashboard(): string {
  const { widgets } = dashboardBody()
  const width = 24 * unit.column
  const height = Math.max(...widgets.map(({ y, height }) => y + height)) * unit.row + 30
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="Helvetica, Arial, sans-serif">
<title>The dashboard with the data of a made-up day</title>
${box(0, 0, width, height, 'fill="#f2f3f3"')}
${text(12, 20, 'Sample data: a made-up day on which somebody guesses tokens after 14:15; the alarms as of 14:45', { size: 12 })}
${widgets.map(draw).join('\n')}
</svg>
`
}

function draw(widget: Widget): string {
  const frame = {
    x: widget.x * unit.column + unit.gap / 2,
    y: widget.y * unit.row + unit.gap / 2 + 26,
    width: widget.width * unit.column - unit.gap,
    height: widget.height * unit.row - unit.gap,
  }
  return [
    box(frame.x, frame.y, frame.width, frame.height, 'rx="6" fill="#fff" stroke="#d5dbdb"'),
    text(frame.x + 12, frame.y + 20, widget.properties.title, {
      size: 13,
      fill: '#16191f',
      bold: true,
    }),
    inside[widget.type](widget, frame),
  ].join('\n')
}

const inside: Readonly<Record<Widget['type'], (widget: Widget, frame: Frame) => string>> = {
  metric: drawGraph,
  alarm: drawAlarms,
  log: drawTable,
}

function drawAlarms({ properties: { alarms = [] } }: Widget, frame: Frame): string {
  const columns = Math.ceil(alarms.length / 2)
  const width = (frame.width - 16) / columns
  return alarms
    .flatMap((name, index) => {
      const isOn = alarmsOn.includes(name)
      const [fill, stroke, state] = isOn
        ? ['#fdf3f1', '#d13212', 'In alarm']
        : ['#f2f8f0', '#1d8102', 'OK']
      const x = frame.x + 8 + (index % columns) * width
      const y = frame.y + 30 + Math.floor(index / columns) * 52
      return [
        box(x + 3, y, width - 6, 46, `rx="4" fill="${fill}" stroke="${stroke}"`),
        text(x + width / 2, y + 19, name, { anchor: 'middle', fill: '#16191f' }),
        text(x + width / 2, y + 37, state, { anchor: 'middle', fill: stroke, bold: true }),
      ]
    })
    .join('\n')
}

/** The columns that the query asks for, with the widths that their contents need. */
function drawTable({ properties: { query = '' } }: Widget, frame: Frame): string {
  const asked = /fields (.+)/.exec(query)?.[1]?.split(/, (?![^(]*\))/) ?? []
  const columns = asked.map((column) => column.replace(/.* as /, ''))
  const widths = [95, 280, 80, 60, 85, 180, 160, 80, 130]
  const left = (column: number) =>
    frame.x + 14 + widths.slice(0, column).reduce((sum, width) => sum + width, 0)
  const row = (cells: readonly string[], index: number, bold: boolean) =>
    cells.map((cell, column) => text(left(column), frame.y + 46 + index * 24, cell, { bold }))
  return [
    ...row(columns, 0, true),
    ...faultRows.flatMap((cells, index) => row(cells, index + 1, false)),
  ].join('\n')
}

if (import.meta.main) writeFileSync(picture, drawDashboard())
