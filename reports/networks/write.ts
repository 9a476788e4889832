import { type NetworkReport, networkReportSchema } from '../../foundation/network-results.ts'
import { type Run, runSchema } from '../../foundation/results.ts'
import { figureFiles } from '../figures/files.ts'
import { rendered } from '../figures/render.ts'
import { renderNetworkHtml } from '../html/network-page.ts'
import { checkSchema, type ReportFile, readReportJson, reportJson, writeReportFolder } from '../report-folder.ts'
import { networkFigures } from './figures.ts'
import { renderNetworkMarkdown } from './markdown.ts'

/**
 * Writes report.html, report.md, report.json, run.json and figures/* of an experiment with a network, all of them or nothing; an older report
 * there is replaced, as by `writeReport`.
 *
 * @returns the paths written
 * @throws RangeError if report or run are not what the schema says, or if `directory` holds anything that is not a report's
 */
export async function writeNetworkReport(directory: string, report: NetworkReport, run: Run): Promise<string[]> {
  checkSchema(networkReportSchema, report, 'writeNetworkReport: report')
  checkSchema(runSchema, run, 'writeNetworkReport: run')
  const filesOf = async (): Promise<ReportFile[]> => {
    const figures = await rendered(networkFigures(report))
    return [
      ['report.md', renderNetworkMarkdown(report, figures)],
      ['report.html', renderNetworkHtml(report, figures, run)],
      ['report.json', reportJson(report)],
      ['run.json', reportJson(run)],
      ...figureFiles(figures),
    ]
  }
  return writeReportFolder(directory, filesOf, 'writeNetworkReport')
}

/**
 * Reads the report.json of an experiment with a network.
 *
 * @throws RangeError in one line if the file is not such a report of this version; what `readFile` throws if it cannot be read
 */
export async function readNetworkReport(file: string): Promise<NetworkReport> {
  return readReportJson(networkReportSchema, file, 'readNetworkReport')
}
