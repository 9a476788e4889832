import type { BenchResults, Ratio } from '../../foundation/benchmark-results.ts'
import { counted } from '../markdown-text.ts'
import { formatNumber } from '../numbers.ts'
import { compareResults } from './benchmarks.ts'
import type { Change, ReportComparison } from './comparison.ts'

/**
 * Ratios ours/peer that got worse or better, as a comparison of reports tells them.
 *
 * A row that only the base has is a regression where its case was run with the same peers at all: what is not timed cannot be
 * slower.
 *
 * @throws RangeError if the two have no case and peer in common
 */
export function compareBenchmarks(base: BenchResults, head: BenchResults): ReportComparison {
  const { changes: ratios, missing, notes } = compareResults(base, head)
  if (ratios.length === 0) throw new RangeError('compareReports: benchmarks must have a case and a peer in common')
  const name = (ratio: { case: string; peer: string }): string => `${ratio.case}, ${ratio.peer}`
  const lost = missing
    .filter((line) => line.endsWith(': not in head'))
    .map((line) => line.replace(/: not in head$/, ''))
  const changes: Change[] = [
    ...lost.map(
      (subject): Change => ({
        ...{ topic: 'missing', effect: 'regression', subject, base: 'timed', head: 'missing', detail: '', size: 0 },
      }),
    ),
    ...ratios
      .filter(({ verdict }) => verdict !== 'same')
      .sort((a, b) => b.change - a.change)
      .map(
        (ratio): Change => ({
          topic: 'benchmark',
          effect: ratio.verdict === 'worse' ? 'regression' : 'improvement',
          subject: name(ratio),
          base: ratioText(ratio.base),
          head: ratioText(ratio.head),
          detail: `${ratio.change > 0 ? '+' : '−'}${Math.abs(100 * ratio.change).toFixed(0)} %`,
          size: Math.abs(ratio.change),
        }),
      ),
  ]
  return {
    kind: 'benchmarks',
    rows: ratios.length + lost.length,
    changes,
    unchanged: ratios
      .filter(({ verdict }) => verdict === 'same')
      .map((ratio) => `${name(ratio)}: ${ratioText(ratio.base)} → ${ratioText(ratio.head)}`),
    regressions: changes.filter(({ effect }) => effect === 'regression').length,
    ...(lost.length === 0
      ? {}
      : {
          incomplete: `${counted(lost.length, 'ratio')} of the base ${lost.length === 1 ? 'is' : 'are'} missing: ${lost[0]}${lost.length > 1 ? ' and others' : ''}`,
        }),
    notes: [
      'Ratios ours / peer. Worse: the median grew by more than 10 % and the intervals of the interleaved rounds do not overlap.',
      ...missing.filter((line) => line.endsWith(': not in base')),
      ...notes,
    ],
  }
}

function ratioText({ median, interval: [low, high] }: Ratio): string {
  return `${formatNumber(median)} [${formatNumber(low)}, ${formatNumber(high)}]`
}
