import { defineConfig, type ViteUserConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import type { SpecReport, SpecRun } from './foundation/results.ts'
import { specBudget, specSeed } from './harness/vitest/environment.ts'
import { verdictReporter } from './harness/vitest/reporter.ts'
import { renderSpecReport } from './reports/spec-markdown.ts'

const folders = ['foundation', 'oracle', 'sim', 'observables', 'harness', 'reports', 'cli', 'specs', 'bench', 'scripts']

/** Whole commands, in processes of their own or with everything they write, and pages in a browser. */
const endToEnd = '**/*.e2e.test.ts'

/** They load TensorFlow.js. */
const networkTests = ['empirical/**/*.test.ts', 'specs/networks/*.test.ts', 'bench/network-cases.test.ts']

/** Networks have a report of their own. */
const reportsOf = [
  { folder: 'specs', projects: ['unit', 'theory'] },
  { folder: 'networks', projects: ['empirical', 'gpu'] },
]

/** Read once, so that a run that passes midnight keeps its seed. */
const run = { SGD_ORACLE_SEED: String(specSeed()), SGD_ORACLE_BUDGET: String(specBudget()) }

/** Specs take longest: a machine that has timed no file yet would start them last, by their size. */
class SpecsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isSpec = ({ moduleId }: TestSpecification): boolean => moduleId.endsWith('.spec.ts')
    return [...new Set(sorted.map(({ project }) => project))].flatMap((project) => {
      const own = sorted.filter((file) => file.project === project)
      return [...own.filter(isSpec), ...own.filter((file) => !isSpec(file))]
    })
  }
}

/** Loaded when there is something to draw: the figures' renderer takes longer to load than a test file to run. */
async function renderSpecPage(report: SpecReport, run: SpecRun): Promise<string> {
  const { writtenSpecPage } = await import('./specs/spec-page.ts')
  return writtenSpecPage(report, run)
}

const config: ViteUserConfig = defineConfig({
  test: {
    maxWorkers: '100%',
    globalSetup: 'scripts/build-kernels.mjs',
    sequence: { sequencer: SpecsFirst },
    reporters: [
      'default',
      ...reportsOf.map(({ folder, projects }) =>
        verdictReporter({
          projects,
          file: `reports/out/${folder}/report.json`,
          pages: [
            { file: `reports/out/${folder}/report.md`, render: renderSpecReport },
            { file: `reports/out/${folder}/report.html`, render: renderSpecPage },
          ],
        }),
      ),
    ],
    projects: [
      {
        test: {
          name: 'unit',
          include: folders.map((folder) => `${folder}/**/*.test.ts`),
          exclude: [endToEnd, ...networkTests],
          isolate: false,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'end-to-end',
          include: [endToEnd],
          exclude: ['**/node_modules/**'],
          isolate: false,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'theory',
          include: ['specs/**/*.spec.ts'],
          exclude: ['specs/networks/**'],
          env: run,
          // Spec files in one process share what settings have measured.
          isolate: false,
          testTimeout: 120_000 * Math.max(1, specBudget()),
        },
      },
      {
        test: {
          name: 'networks',
          include: networkTests,
          exclude: [endToEnd],
          isolate: false,
          testTimeout: 60_000,
        },
      },
      { test: { name: 'empirical', include: ['specs/networks/*.spec.ts'], env: run, testTimeout: 60_000 } },
      { test: { name: 'gpu', include: ['specs/networks/gpu/*.spec.ts'], env: run, testTimeout: 60_000 } },
    ],
    coverage: {
      include: ['oracle/**/*.ts'],
      exclude: ['**/*.test.ts', 'oracle/theory.*.ts'],
      thresholds: { lines: 95 },
    },
  },
})

export default config
