import type { Config, TopLevelSpec } from 'vega-lite'
import type { Verdict } from '../../foundation/results.ts'
import { type Theories, theoryTitle } from '../names.ts'
import { powerOfTen } from '../numbers.ts'
import { textWidth } from './text-width.ts'

/**
 * The look that all figures share: theory is lines, measurement is points with error bars, on a light card of its own so
 * that a figure reads on white and on dark pages. Colours are Okabe and Ito's; each also differs in dash or shape.
 */

/** A part of a figure: one plot, or several beside or above each other. */
export type Panel = Extract<TopLevelSpec, { vconcat: unknown }>['vconcat'][number]

export type Layer = Extract<TopLevelSpec, { layer: unknown }>['layer'][number]

type Encoding = NonNullable<Extract<Layer, { mark: unknown }>['encoding']>

export type Interval = readonly [number, number]

/** Verdana on Windows and macOS, DejaVu Sans on Linux: nearly the same widths, so the layout holds on each. */
const fontFamily = 'Verdana, DejaVu Sans, sans-serif'
export const fontSize = 11
export const ink = '#222222'
export const faint = '#767676'

/** Two columns of panels make a figure that GitHub shows at its own size. */
export const panelWidth = 370

/** Okabe and Ito, in the order of contrast with a light ground; their yellow, unreadable on it, darkened. */
export const okabeIto = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#8A7A00'] as const
const dashes: readonly number[][] = [
  [1, 0],
  [7, 3],
  [2, 2],
  [9, 3, 2, 3],
  [4, 2],
  [12, 3],
  [1, 3],
]

/** Of theories that are points, all hollow; the upright bar and the cross are paths. One more than colours: pairs differ for 56. */
const shapes = [
  'M0,-1V1',
  'diamond',
  'M-1,-1L1,1M-1,1L1,-1',
  'triangle-up',
  'triangle-down',
  'square',
  'cross',
  'triangle-right',
] as const

/** What a measured claim looks like; one that is not answerable has nothing to draw. */
export const verdictMarks: readonly { readonly verdict: Verdict; readonly color: string; readonly shape: string }[] = [
  { verdict: 'agrees', color: '#009E73', shape: 'circle' },
  { verdict: 'inconclusive', color: '#E69F00', shape: 'triangle-up' },
  { verdict: 'disagrees', color: '#D55E00', shape: 'cross' },
]

export const config: Config = {
  background: '#FAFAF7',
  padding: 16,
  font: fontFamily,
  aria: false,
  view: { fill: '#FFFFFF', stroke: '#D0D0CC' },
  title: {
    color: ink,
    fontSize: 14,
    fontWeight: 'bold',
    subtitleColor: '#444444',
    subtitleFontSize: fontSize,
    subtitleLineHeight: 15,
    subtitlePadding: 4,
    anchor: 'start',
    frame: 'bounds',
    offset: 12,
  },
  axis: {
    labelColor: ink,
    titleColor: ink,
    labelFontSize: fontSize,
    titleFontSize: fontSize,
    titleFontWeight: 'normal',
    gridColor: '#EBEBE8',
    domainColor: '#888888',
    tickColor: '#888888',
    labelLimit: 0,
    titleLimit: 0,
    labelPadding: 4,
  },
  legend: {
    orient: 'bottom',
    title: null,
    labelColor: ink,
    titleColor: ink,
    labelFontSize: fontSize,
    titleFontSize: fontSize,
    titleFontWeight: 'normal',
    labelLimit: 0,
    titleLimit: 0,
    symbolStrokeWidth: 2,
    columnPadding: 20,
    symbolOpacity: 1,
  },
  concat: { spacing: 24 },
}

/** The title of one panel of several. */
export function panelTitle(text: string, subtitle?: string[]): Panel['title'] & object {
  return {
    text,
    fontSize: 12,
    fontWeight: 'bold',
    offset: 6,
    anchor: 'start',
    frame: 'group',
    ...(subtitle ? { subtitle } : {}),
  }
}

/** Columns that a legend's longest label lets fit into a width. */
function legendColumns(labels: readonly string[], width: number): number {
  const symbol = 40
  const widest = Math.max(1, ...labels.map((label) => textWidth(label, fontSize) + symbol))
  return Math.max(1, Math.min(labels.length, Math.floor(width / widest)))
}

/**
 * Colour, dash and shape of the theories of one figure; a theory looks the same in every figure of a report. Where colours come
 * round again they meet other dashes and shapes.
 */
export function theoryEncoding(
  report: Theories,
  names: readonly string[],
  mark: 'line' | 'point' = 'line',
): Required<Pick<Encoding, 'color' | 'strokeDash' | 'shape'>> {
  const known = report.theories.map((theory) => theory.name)
  const shown = [...new Set(names)]
  const unknown = shown.filter((name) => !known.includes(name))
  const place = (name: string): number => {
    const index = known.indexOf(name)
    return index >= 0 ? index : known.length + unknown.indexOf(name)
  }
  const ordered = shown.sort((a, b) => place(a) - place(b))
  const domain = ordered.map((name) => theoryTitle(report, name))
  const colors = ordered.map((name) => okabeIto[place(name) % okabeIto.length]!)
  const symbol = mark === 'line' ? { symbolType: 'stroke', symbolSize: 400 } : { symbolSize: 80 }
  const legend = { ...symbol, columns: legendColumns(domain, 2 * panelWidth) }
  return {
    color: { field: 'theory', type: 'nominal', scale: { domain, range: colors }, legend },
    strokeDash: {
      field: 'theory',
      type: 'nominal',
      scale: {
        domain,
        range: ordered.map(
          (name) => dashes[(place(name) + Math.floor(place(name) / okabeIto.length)) % dashes.length]!,
        ),
      },
      legend,
    },
    shape: {
      field: 'theory',
      type: 'nominal',
      scale: { domain, range: ordered.map((name) => shapes[place(name) % shapes.length]!) },
      legend,
    },
  }
}

/** Bands from `low` to `high`, each in its theory's colour. */
export function theoryBands(
  report: Theories,
  names: readonly string[],
  rows: readonly { readonly theory: string }[],
  x: Position,
  y: Position,
): Layer[] {
  const { scale } = theoryEncoding(report, names).color as { scale: { domain: string[]; range: string[] } }
  return scale.domain.map((theory, place) => ({
    data: { values: rows.filter((row) => row.theory === theory) },
    mark: { type: 'area', color: scale.range[place]!, opacity: 0.16, clip: true },
    encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
  }))
}

/** Predictions in the order of the report's theories, so that dashed lines lie on top of solid ones. */
export function inTheoryOrder<Prediction extends { readonly theory: string }>(
  report: Theories,
  predictions: readonly Prediction[],
): Prediction[] {
  const place = ({ theory }: Prediction): number => report.theories.findIndex(({ name }) => name === theory)
  return [...predictions].sort((a, b) => place(a) - place(b))
}

/** A black point, and its line in the legend. */
export function measuredEncoding(label: string): Required<Pick<Encoding, 'shape'>> {
  return {
    shape: {
      field: 'series',
      type: 'nominal',
      scale: { domain: [label], range: ['circle'] },
      legend: { symbolFillColor: ink, symbolStrokeColor: ink, symbolSize: 30, symbolOffset: 7, labelOffset: 11 },
    },
  }
}

/** Names for the places 0, 1, … of an ordinal axis. */
export function placeLabels(names: readonly string[]): string {
  return names.reduceRight((rest, name, i) => `datum.value == ${i} ? ${JSON.stringify(name)} : ${rest}`, `''`)
}

/** A quantitative axis with just this domain. */
export interface Position {
  field: string
  type: 'quantitative'
  axis: { title: string | string[] | null; tickCount?: number; values?: number[]; labelExpr?: string }
  scale: { type: 'linear' | 'log'; domain: number[]; nice: false; zero?: false }
}

export function linearPosition(
  field: string,
  title: string | string[] | null,
  domain: Interval,
  ticks: { tickCount: number } | { values: number[] },
): Position {
  return {
    field,
    type: 'quantitative',
    axis: { title, ...ticks },
    scale: { type: 'linear', domain: [...domain], nice: false, zero: false },
  }
}

export function logPosition(field: string, title: string, domain: Interval): Position {
  return {
    field,
    type: 'quantitative',
    axis: { title, ...logTicks(domain) },
    scale: { type: 'log', domain: [...domain], nice: false },
  }
}

/** The range of the positive values on a log axis, widened by a factor on both sides. */
export function logDomain(values: readonly number[], widen = 1.4): [number, number] {
  const positive = values.filter((value) => value > 0 && Number.isFinite(value))
  if (positive.length === 0) return [0.1, 10]
  return [smallest(positive) / widen, largest(positive) * widen]
}

/** The range of values on a linear axis, with a margin of 5 % on both sides. */
export function linearDomain(values: readonly number[]): [number, number] {
  const finite = values.filter((value) => Number.isFinite(value))
  if (finite.length === 0) return [-1, 1]
  const [low, high] = [smallest(finite), largest(finite)]
  const margin = 0.05 * (high - low) || 0.05 * Math.abs(high) || 1
  return [low - margin, high + margin]
}

/** The power of ten that a linear axis is better divided by: 0 where its numbers are short anyway. */
export function axisExponent(values: readonly number[]): number {
  const size = largest(values.map(Math.abs).filter(Number.isFinite))
  const exponent = size > 0 ? Math.floor(Math.log10(size)) : 0
  return exponent < -2 || exponent > 4 ? exponent : 0
}

/** An axis title in two lines, with its unit and the power of ten its numbers are multiples of. */
export function unitTitle(title: string, unit: string, exponent: number): string[] {
  return [exponent === 0 ? title : `${title}, in ${powerOfTen(exponent)}`, `[${unit}]`]
}

/** At most `count` indices of a list, evenly spread, first and last among them. */
export function evenly(length: number, count: number): number[] {
  if (length <= count) return Array.from({ length }, (_, i) => i)
  return Array.from({ length: count }, (_, i) => Math.round((i * (length - 1)) / (count - 1)))
}

/** Ticks of a log axis: powers of ten, and twice and five times them where there are fewer than three. */
function logTicks(domain: Interval): { values: number[]; labelExpr: string } {
  const [low, high] = domain
  const [first, last] = [Math.ceil(Math.log10(low)), Math.floor(Math.log10(high))]
  const few = last - first < 2
  const stride = Math.ceil((last - first + 1) / 8)
  const ticks: { value: number; multiple: number; exponent: number }[] = []
  for (let exponent = few ? first - 1 : first; exponent <= last; exponent += few ? 1 : stride) {
    for (const multiple of few ? [1, 2, 5] : [1]) {
      const value = Number(`${multiple}e${exponent}`)
      if (value >= low && value <= high) ticks.push({ value, multiple, exponent })
    }
  }
  const plain = ticks.every(({ exponent }) => exponent >= -2 && exponent <= 3)
  const label = (tick: (typeof ticks)[number]): string => {
    if (plain) return String(tick.value)
    return tick.multiple === 1 ? powerOfTen(tick.exponent) : `${tick.multiple}·${powerOfTen(tick.exponent)}`
  }
  const labelExpr = ticks.reduceRight(
    (rest, tick) => `abs(datum.value / ${tick.value} - 1) < 1e-6 ? '${label(tick)}' : ${rest}`,
    `''`,
  )
  return { values: ticks.map(({ value }) => value), labelExpr }
}

function smallest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
}

function largest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
}
