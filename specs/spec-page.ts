import type { SpecReport } from '../foundation/results.ts'
import { erratumRows } from '../oracle/errata/index.ts'
import { renderSpecHtml } from '../reports/html/spec-page.ts'

/** The specs' page, with what does not depend on a run: the errata. */
export async function writtenSpecPage(report: SpecReport): Promise<string> {
  return renderSpecHtml(report, [], erratumRows())
}
