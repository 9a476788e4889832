import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Reporter, TestModule, Vitest } from 'vitest/node'
import type { SpecReport, SpecRun } from '../../foundation/results.ts'
import { type SpecFile, specReportOf } from '../spec-report.ts'
import { specBudget, specSeed } from './environment.ts'
import type {} from './spec-record.ts'
import { specRunOf } from './spec-run.ts'

export interface VerdictReporterOptions {
  /** Where the findings go, with a run.json beside them of when and where they were made; folders are made. */
  readonly file: string
  /** Put them in words, each in a file beside it; the first is the one named to the reader. */
  readonly pages?: readonly {
    readonly file: string
    readonly render: (report: SpecReport, run: SpecRun) => string | Promise<string>
  }[]
  /** Of these projects only, by their names; absent: of all. */
  readonly projects?: readonly string[]
  /** Takes the lines for people; absent: standard output. */
  readonly print?: (text: string) => void
}

/** How many of the slowest files are named. */
const slowestShown = 5

/**
 * A vitest reporter that gathers what tests left in `task.meta` into one `report.json`, and names the slowest files. Shards
 * run with `--reporter=blob`; `--merge-reports` then calls it once for all.
 */
export function verdictReporter({
  file,
  pages = [],
  projects,
  print = (text) => process.stdout.write(text),
}: VerdictReporterOptions): Reporter {
  const settings = { seed: specSeed(), budget: specBudget() }
  let vitest: Vitest
  return {
    onInit(started) {
      vitest = started
    },
    async onTestRunEnd(all) {
      const modules = projects === undefined ? all : all.filter(({ project }) => projects.includes(project.name))
      if (modules.length === 0) return
      const files = modules.map(specFileOf)
      if (files.some(({ records }) => records.length > 0)) {
        const report = specReportOf(files, settings)
        const run = specRunOf(modules, {
          testRunner: `vitest ${vitest.version}`,
          merged: vitest.config.mergeReports !== undefined,
        })
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, `${JSON.stringify(report, null, 1)}\n`)
        writeFileSync(join(dirname(file), 'run.json'), `${JSON.stringify(run, null, 1)}\n`)
        for (const page of pages) writeFileSync(page.file, await page.render(report, run))
        print(`\n${summaryText(report, pages[0]?.file ?? file)}`)
      }
      print(`\n${slowestText(modules)}\n`)
    },
  }
}

function specFileOf(module: TestModule): SpecFile {
  return {
    file: module.relativeModuleId,
    records: [...module.children.allTests()].flatMap((test) => test.meta().sgdOracle ?? []),
  }
}

function summaryText(
  { seed, budget, claims, ledger, summary, mutants, calibration }: SpecReport,
  file: string,
): string {
  const { agrees, disagrees, inconclusive, notAnswerable } = summary.required
  const { rejected, survived, inseparable } = summary.rivals
  const caught = mutants.filter(({ caughtBy }) => caughtBy.length > 0).length
  return [
    `seed ${seed}, budget × ${budget}: ${claims.length} claims, α spent ${ledger.alphaSpent.toExponential(1)} of ${ledger.falseAlarmRate}`,
    `required: ${agrees} agree, ${disagrees} disagree, ${inconclusive} inconclusive, ${notAnswerable} not answerable`,
    `rivals: ${rejected} rejected, ${survived} survived, ${inseparable} inseparable here (listed with their distance)`,
    `planted bugs: ${caught} of ${mutants.length} caught`,
    ...(calibration.length === 0 ? [] : [calibrationText(calibration)]),
    file,
    '',
  ].join('\n')
}

/** Rows of the judge itself and of broken variants, which must err too often. */
function calibrationText(rows: SpecReport['calibration']): string {
  const [own, broken] = [true, false].map((is) => rows.filter(({ procedure }) => (procedure === 'harness') === is))
  const count = (list: typeof rows | undefined, finding: string): number =>
    list?.filter((row) => row.finding === finding).length ?? 0
  return `error rates: ${count(own, 'within')} within their design, ${count(own, 'exceeds')} beyond it, ${count(own, 'undecided')} undecided by so many trials; of broken variants ${count(broken, 'exceeds')} of ${broken?.length} beyond it`
}

function slowestText(modules: readonly TestModule[]): string {
  const slowest = modules
    .map((module) => {
      const { collectDuration, duration } = module.diagnostic()
      return { file: module.relativeModuleId, seconds: (collectDuration + duration) / 1000 }
    })
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, slowestShown)
  return ['slowest files:', ...slowest.map(({ file, seconds }) => `  ${seconds.toFixed(1)} s  ${file}`)].join('\n')
}
