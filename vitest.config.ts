import { defineConfig, type ViteUserConfig } from 'vitest/config'

const folders = ['foundation', 'oracle', 'sim', 'observables', 'harness', 'reports', 'cli', 'specs', 'bench']

const config: ViteUserConfig = defineConfig({
  test: {
    maxWorkers: '100%',
    globalSetup: 'sim/kernel/build.mjs',
    projects: [
      { test: { name: 'unit', include: folders.map((folder) => `${folder}/**/*.test.ts`), testTimeout: 60_000 } },
      { test: { name: 'theory', include: ['specs/**/*.spec.ts'], testTimeout: 120_000 } },
    ],
    coverage: {
      include: ['oracle/**/*.ts'],
      exclude: ['**/*.test.ts', 'oracle/theory.*.ts'],
      thresholds: { lines: 95 },
    },
  },
})

export default config
