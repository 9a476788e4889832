import * as vega from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'
import type { Figure, FigureFile } from './figure.ts'
import { config } from './style.ts'
import { textWidth } from './text-width.ts'

interface TextItem {
  readonly fontSize?: number
}

/** vega's measure of text, which its type declarations leave out. */
const { textMetrics } = vega as unknown as {
  textMetrics: { width: (item: TextItem, text: unknown) => number }
}

/**
 * Renders a vega-lite specification to SVG: the same specification gives the same bytes on any machine.
 *
 * @param warn told what vega-lite finds odd about the specification
 */
export async function renderSvg(
  specification: TopLevelSpec,
  warn: (message: string) => void = () => {},
): Promise<string> {
  const logger: vega.LoggerInterface = {
    level: () => 0,
    error: (...messages) => told(messages),
    warn: (...messages) => told(messages),
    info: () => logger,
    debug: () => logger,
  }
  function told(messages: readonly unknown[]): vega.LoggerInterface {
    warn(messages.map(String).join(' '))
    return logger
  }

  const { spec } = compile(specification, { config, logger })
  const view = new vega.View(vega.parse(spec, legendsInColumn), { renderer: 'none', logger })
  layOut(view)
  const svg = await view.toSVG()
  view.finalize()
  return `${rounded(renumbered(svg))}\n`
}

/** Figures as SVG, all at once. */
export async function rendered(figures: readonly Figure[]): Promise<FigureFile[]> {
  return Promise.all(figures.map(async ({ spec, ...figure }) => ({ ...figure, svg: await renderSvg(spec) })))
}

/** One legend below the other: what is measured does not stand in a row with the theories. */
const legendsInColumn: vega.Config = {
  legend: { layout: { bottom: { anchor: 'start', direction: 'vertical', margin: 4, offset: 12 } } },
}

/** Evaluates the view at once, so that our widths of text are in force for nobody else. */
function layOut(view: vega.View): void {
  const width = textMetrics.width
  textMetrics.width = (item, text) => textWidth(String(text ?? ''), item.fontSize ?? 11)
  try {
    view.run()
  } finally {
    textMetrics.width = width
  }
}

/** Coordinates to a thousandth of a pixel: shorter, and the last bit of a logarithm does not show. */
function rounded(svg: string): string {
  return svg.replace(/ (?:d|transform|viewBox|x|y|x1|x2|y1|y2|width|height)="[^"]*"/g, (attribute) =>
    attribute.replace(/-?\d+\.\d{4,}(?:e-?\d+)?|-?\d+e-\d+/g, (number) =>
      String(Math.round(Number(number) * 1000) / 1000),
    ),
  )
}

/** Ids of clip paths and gradients count all figures of the process: number them anew within this one. */
function renumbered(svg: string): string {
  const numbers = new Map<string, string>()
  for (const [, id] of svg.matchAll(/\bid="((?:clip|gradient_)\d+)"/g)) numbers.set(id!, `shape-${numbers.size + 1}`)
  return svg
    .replace(/\bid="([^"]+)"/g, (whole, id: string) => (numbers.has(id) ? `id="${numbers.get(id)}"` : whole))
    .replace(/url\(#([^)]+)\)/g, (whole, id: string) => (numbers.has(id) ? `url(#${numbers.get(id)})` : whole))
}
