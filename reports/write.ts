import { type Report, type Run, reportSchema, runSchema } from '../foundation/results.ts'
import { figureFiles } from './figures/files.ts'
import { renderFigures } from './figures/index.ts'
import { renderHtml } from './html/verification-page.ts'
import { renderMarkdown } from './markdown.ts'
import { checkSchema, type ReportFile, readReportJson, reportJson, writeReportFolder } from './report-folder.ts'

/**
 * Writes report.html, report.md, report.json, run.json and figures/*, all of them or nothing: into a folder beside `directory` that
 * then takes its place. An older report there is replaced; its folder is moved aside, never merged into.
 *
 * @returns the paths written
 * @throws RangeError if report or run are not what the schema says, or if `directory` holds anything that is not a report's
 */
export async function writeReport(directory: string, report: Report, run: Run): Promise<string[]> {
  checkSchema(reportSchema, report, 'writeReport: report')
  checkSchema(runSchema, run, 'writeReport: run')
  const filesOf = async (): Promise<ReportFile[]> => {
    const figures = await renderFigures(report)
    return [
      ['report.md', renderMarkdown(report, figures)],
      ['report.html', renderHtml(report, figures, run)],
      ['report.json', reportJson(report)],
      ['run.json', reportJson(run)],
      ...figureFiles(figures),
    ]
  }
  return writeReportFolder(directory, filesOf, 'writeReport')
}

/**
 * Reads a report.json.
 *
 * @throws RangeError in one line if the file is not a report of this version; what `readFile` throws if it cannot be read
 */
export async function readReport(file: string): Promise<Report> {
  return readReportJson(reportSchema, file, 'readReport')
}
