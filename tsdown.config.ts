import { defineConfig, type UserConfig } from 'tsdown'

const config: UserConfig = defineConfig({
  entry: {
    'oracle/index': 'oracle/index.ts',
    'sim/index': 'sim/index.ts',
    'observables/index': 'observables/index.ts',
    'empirical/index': 'empirical/index.ts',
    'harness/index': 'harness/index.ts',
    'harness/vitest/index': 'harness/vitest/index.ts',
    'reports/index': 'reports/index.ts',
    'cli/main': 'cli/main.ts',
    'empirical/experiment/run-worker': 'empirical/experiment/run-worker.ts',
    'specs/regression/chain-worker': 'specs/regression/chain-worker.ts',
    'specs/regression/replica-worker': 'specs/regression/replica-worker.ts',
  },
  platform: 'node',
  target: 'node20',
  fixedExtension: false,
  copy: [{ from: ['reports/html/look.css', 'reports/html/in-browser.js'], to: 'dist/reports/html' }],
  dts: true,
  clean: true,
  // file by file, so that workers and the compiled loop are found beside who starts them
  unbundle: true,
})

export default config
