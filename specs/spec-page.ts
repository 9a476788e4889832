import type { SpecReport, SpecRun } from '../foundation/results.ts'
import { erratumRows } from '../oracle/errata/index.ts'
import { hyperparametersFigure } from '../reports/figures/hyperparameters.ts'
import { modifiedPotentialFigure } from '../reports/figures/modified-potential.ts'
import { rendered } from '../reports/figures/render.ts'
import { rivalsFigure } from '../reports/figures/rivals.ts'
import { renderSpecHtml } from '../reports/html/spec-page.ts'
import { rivalsTable } from '../reports/rivals-table.ts'
import { figure3Picture } from './ornstein-uhlenbeck/figure-3-picture.ts'

/** The specs' page, with what does not depend on a run: the errata, and the paper's Figure 3. */
export async function writtenSpecPage(report: SpecReport, run: SpecRun): Promise<string> {
  const rivals = rivalsFigure(rivalsTable(report.claims))
  const sweep = hyperparametersFigure(report.claims)
  const figures = await rendered([
    ...(rivals ? [rivals] : []),
    ...(sweep ? [sweep] : []),
    modifiedPotentialFigure(figure3Picture()),
  ])
  return renderSpecHtml(report, figures, erratumRows(), run)
}
