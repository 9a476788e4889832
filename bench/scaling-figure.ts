import type { TopLevelSpec } from 'vega-lite'
import type { ScalingPoint, scalingAxes } from '../foundation/benchmark-results.ts'
import { renderSvg } from '../reports/figures/render.ts'
import { type Layer, logDomain, logPosition, type Panel, type Position, panelTitle } from '../reports/figures/style.ts'
import { medianInterval } from './ratio.ts'

/** Draws a sweep: the cost of a step of one chain against modes, batch size and chains. The same points give the same bytes. */
export async function renderScaling(
  points: readonly ScalingPoint[],
  warn?: (message: string) => void,
): Promise<string> {
  return renderSvg(scalingFigure(points), warn)
}

/** The sweep's figure before it is rendered. */
export function scalingFigure(points: readonly ScalingPoint[]): TopLevelSpec {
  const yDomain = logDomain(points.map(({ median }) => median))
  const names = looks.filter(({ name }) => points.some(({ contender }) => contender === name))
  return {
    title: {
      text: 'Cost of a step of mini-batch SGD, for each chain',
      subtitle: [
        'momentum, with replacement, N = 2,000, 1 output, float64, one thread; bars: intervals of the median over interleaved rounds',
        'ours and C run chains one after another; NumPy and PyTorch side by side, left and middle as many as is best (1, 32 or 512)',
      ],
    },
    hconcat: axes
      .map((axis) => ({ axis, own: points.filter(({ along }) => along === axis.along) }))
      .filter(({ own }) => own.length > 0)
      .map(({ axis, own }, index) => panel(axis, own, names, yDomain, index === 0)),
    spacing: 28,
  }
}

interface Look {
  readonly name: string
  readonly color: string
  readonly shape: string
  readonly dash: readonly number[]
}

/** Each contender differs in colour, in shape and in dash. */
const looks: readonly Look[] = [
  { name: 'ours', color: '#0072B2', shape: 'circle', dash: [1, 0] },
  { name: 'gcc -O3', color: '#D55E00', shape: 'square', dash: [7, 3] },
  { name: 'NumPy, batched', color: '#009E73', shape: 'triangle-up', dash: [2, 2] },
  { name: 'PyTorch, batched', color: '#CC79A7', shape: 'diamond', dash: [9, 3, 2, 3] },
]

interface Axis {
  readonly along: (typeof scalingAxes)[number]
  readonly field: 'modes' | 'batchSize' | 'chains'
  readonly title: string
  readonly held: string
  readonly ticks: readonly number[]
}

const axes: readonly Axis[] = [
  { along: 'modes', field: 'modes', title: 'modes d', held: 'S = 16', ticks: [8, 32, 128, 512] },
  { along: 'batch size', field: 'batchSize', title: 'batch size S', held: 'd = 32', ticks: [1, 4, 16, 64, 256, 1024] },
  { along: 'chains', field: 'chains', title: 'chains', held: 'd = 32, S = 16', ticks: [1, 4, 16, 64, 256, 1024] },
]

const panelWidth = 214
const panelHeight = 260

function panel(
  axis: Axis,
  points: readonly ScalingPoint[],
  names: readonly Look[],
  yDomain: [number, number],
  first: boolean,
): Panel {
  const values = points.map((point) => {
    const [low, high] = medianInterval(point.samples)
    const inside = (time: number): number => Math.min(yDomain[1], Math.max(yDomain[0], time))
    return {
      contender: point.contender,
      size: point[axis.field],
      time: point.median,
      low: inside(low),
      high: inside(high),
    }
  })
  const x: Position = {
    field: 'size',
    type: 'quantitative',
    axis: { title: axis.title, values: [...axis.ticks] },
    scale: { type: 'log', domain: logDomain(values.map(({ size }) => size)), nice: false },
  }
  const y = logPosition('time', first ? 'time a step and chain  [ns]' : '', yDomain)
  const domain = names.map(({ name }) => name)
  const legend = { columns: names.length, symbolSize: 60, symbolStrokeWidth: 1.5 }
  const scaled = <Range>(range: readonly Range[]) => ({
    field: 'contender',
    type: 'nominal' as const,
    scale: { domain, range: [...range] },
    legend,
  })
  const color = scaled(names.map((each) => each.color))
  const shape = scaled(names.map((each) => each.shape))
  const strokeDash = scaled(names.map((each) => [...each.dash]))
  const layer: Layer[] = [
    { mark: { type: 'line', strokeWidth: 1.8 }, encoding: { x, y, color, strokeDash } },
    {
      mark: { type: 'rule', strokeWidth: 1.2 },
      encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
    },
    { mark: { type: 'point', filled: true, size: 45, opacity: 1 }, encoding: { x, y, color, shape } },
  ]
  return {
    title: panelTitle(`along ${axis.along}, ${axis.held}`),
    width: panelWidth,
    height: panelHeight,
    data: { values },
    layer,
  }
}
