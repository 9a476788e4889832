import { join } from 'node:path'
import type { ReportFile } from '../report-folder.ts'
import type { FigureFile } from './figure.ts'
import { pngOf } from './png.ts'

/** Every figure as SVG, and as PNG for where SVG cannot be shown. */
export function figureFiles(figures: readonly FigureFile[]): ReportFile[] {
  return figures.flatMap(({ name, svg }): ReportFile[] => [
    [join('figures', `${name}.svg`), svg],
    [join('figures', `${name}.png`), pngOf(svg)],
  ])
}
