import type { Report } from '../../foundation/results.ts'
import { samplingNames } from '../names.ts'
import { rivalsTable } from '../rivals-table.ts'
import { displacementFigure } from './displacement.ts'
import { equipartitionFigure } from './equipartition.ts'
import { errorBudgetFigure } from './error-budget.ts'
import { errorBudgetStepsFigure } from './error-budget-steps.ts'
import type { Figure, FigureFile } from './figure.ts'
import { isotropyFigure } from './isotropy.ts'
import { meanTrajectoryFigures } from './mean-trajectory.ts'
import { modeVarianceFigure } from './mode-variance.ts'
import { rendered } from './render.ts'
import { rivalsFigure } from './rivals.ts'
import { singleRunFigures } from './single-run.ts'
import { verdictsFigure } from './verdicts.ts'

/** Every figure that the report has data for, before rendering. */
export function figuresOf(report: Report): Figure[] {
  return [
    verdictsFigure(report),
    errorBudgetStepsFigure(report),
    errorBudgetFigure(report),
    rivalsFigure(rivalsTable(report.claims.map((claim) => ({ ...claim, setting: samplingNames[claim.sampling] })))),
    ...meanTrajectoryFigures(report),
    displacementFigure(report),
    ...singleRunFigures(report),
    modeVarianceFigure(report),
    isotropyFigure(report),
    equipartitionFigure(report),
  ].filter((figure) => figure !== undefined)
}

/** Every figure that the report has data for, as SVG. */
export async function renderFigures(report: Report): Promise<FigureFile[]> {
  return rendered(figuresOf(report))
}
