import { median, pairedRatio } from '../bench/ratio.ts'
import { type BenchResults, schemaVersion } from './benchmark-results.ts'

/** Results of one case with one peer, from the samples of both: the smallest that a comparison can read. */
export function exampleResults(ours: readonly number[], peers: readonly number[]): BenchResults {
  const contender = (
    name: string,
    samples: readonly number[],
  ): BenchResults['cases'][number]['contenders'][number] => ({
    ...{ name, chains: 1, steps: 1000 },
    median: median(samples),
    samples: [...samples],
  })
  const ratio = pairedRatio(ours, peers)
  return {
    schemaVersion,
    program: { name: 'sgd-oracle', version: '0.1.0' },
    startedAt: '2026-01-01T00:00:00.000Z',
    seconds: 12.5,
    machine: { platform: 'linux x64', cpu: 'a processor', cores: 2, load: 0.1 },
    versions: { node: '20.20.2', gcc: 'gcc 12.2.0' },
    rounds: ours.length,
    roundMilliseconds: 100,
    cases: [
      {
        id: 'a',
        title: 'mini-batch SGD: N = 2000, d = 32',
        unit: 'step',
        unitsPerStep: 1,
        contenders: [contender('ours', ours), contender('gcc -O3', peers)],
        ratios: [{ peer: 'gcc -O3', median: ratio.median, interval: [...ratio.interval], goal: 1, met: true }],
      },
    ],
    skipped: [],
    scaling: [],
  }
}
