import type { Report } from '../../foundation/results.ts'
import { displacementFigure } from './displacement.ts'
import { errorBudgetFigure } from './error-budget.ts'
import type { Figure, FigureFile } from './figure.ts'
import { meanTrajectoryFigures } from './mean-trajectory.ts'
import { modeVarianceFigure } from './mode-variance.ts'
import { rendered } from './render.ts'
import { verdictsFigure } from './verdicts.ts'

/** Every figure that the report has data for, before rendering. */
export function figuresOf(report: Report): Figure[] {
  return [
    verdictsFigure(report),
    errorBudgetFigure(report),
    ...meanTrajectoryFigures(report),
    displacementFigure(report),
    modeVarianceFigure(report),
  ].filter((figure) => figure !== undefined)
}

/** Every figure that the report has data for, as SVG. */
export async function renderFigures(report: Report): Promise<FigureFile[]> {
  return rendered(figuresOf(report))
}
