import type { BenchResults, CaseResult } from '../foundation/benchmark-results.ts'
import type { BenchmarkComparison } from '../reports/comparison/benchmarks.ts'
import { formatNumber, formatSetting } from '../reports/numbers.ts'
import type { Ratio } from './ratio.ts'

/** The table that `npm run bench` prints: Markdown that also reads in a terminal. */
export function renderTable(results: BenchResults): string {
  const rows = results.cases.flatMap(({ id, unit, contenders, ratios }) => {
    const [ours, ...peers] = contenders
    if (ratios.length === 0) return [[id, unit, formatNumber(ours!.median), 'nobody', '', '', '', '']]
    return ratios.map((ratio) => {
      const { median, chains } = peers.find(({ name }) => name === ratio.peer)!
      const name = chains === 1 ? ratio.peer : `${ratio.peer} (${chains} chains)`
      return [
        ...[id, unit, formatNumber(ours!.median), name, formatNumber(median)],
        ...[formatRatio(ratio), ratio.goal === undefined ? '' : `≤ ${formatSetting(ratio.goal)}`],
        goalReached(ratio),
      ]
    })
  })
  return [
    alignedTable(['case', 'unit', 'ours [ns]', 'peer', 'peer [ns]', 'ours / peer', 'goal', ''], rows, [2, 4]),
    '',
    ...results.cases.map(({ id, title }) => `${id}: ${title}`),
    '',
    ...workersLine(results),
    ...drawingShare(results),
    `Ratios: median of ${results.rounds} interleaved rounds of about ${formatSetting(results.roundMilliseconds)} ms each, with its interval; a goal is met if the interval reaches it, within noise if the median does not.`,
    machineLine(results),
    ...results.skipped.map((line) => `Skipped: ${line}`),
  ].join('\n')
}

function goalReached({ median, goal, met }: CaseResult['ratios'][number]): string {
  if (goal === undefined) return ''
  if (!met) return 'not met'
  return median <= goal ? 'met' : 'met within noise'
}

/** How much of a step of SGD is drawing its batch. */
function drawingShare({ cases }: BenchResults): string[] {
  const stepTime = (id: string): number | undefined => {
    const found = cases.find((each) => each.id === id)
    return found && found.contenders[0]!.median * found.unitsPerStep
  }
  const [drawing, step] = [stepTime('index, with-replacement'), stepTime('a')]
  if (drawing === undefined || step === undefined) return []
  return [`Drawing the batch takes ${((100 * drawing) / step).toFixed(0)} % of our step in case a.`]
}

function workersLine({ workers }: BenchResults): string[] {
  if (workers === undefined) return []
  const { chains, stepsPerChain, goal, met } = workers
  return [
    `Two worker threads do ${chains} chains of ${formatSetting(stepsPerChain)} steps ${formatRatio(workers)} times as fast as one; goal ≥ ${formatSetting(goal)}: ${met ? 'met' : 'not met'}.`,
  ]
}

/** Absolute times mean something on this machine only. */
function machineLine({ machine: { cpu, cores, platform, load }, versions }: BenchResults): string {
  const named = Object.entries(versions).map(([name, version]) =>
    version.startsWith(name) ? version : `${name} ${version}`,
  )
  return `Machine: ${cpu}, ${cores} cores, ${platform}, load ${load.toFixed(1)} at the start; ${named.join(', ')}.`
}

/** What `npm run bench:compare` prints: Markdown for a comment on a pull request. */
export function renderComparison({ changes, missing, notes }: BenchmarkComparison): string {
  const worse = changes.filter(({ verdict }) => verdict === 'worse').length
  const better = changes.filter(({ verdict }) => verdict === 'better').length
  const rows = changes.map(({ case: id, peer, base, head, change, verdict }) => [
    ...[id, peer, formatRatio(base), formatRatio(head)],
    `${change < 0 ? '−' : '+'}${Math.abs(100 * change).toFixed(0)} %`,
    verdict === 'same' ? '' : verdict === 'worse' ? '**worse**' : 'better',
  ])
  return [
    `${worse} of ${changes.length} ratios got worse, ${better} better.`,
    '',
    alignedTable(['case', 'peer', 'base', 'head', 'change', ''], rows, [4]),
    '',
    'Ratios ours / peer. Worse: the median grew by more than 10 % and the intervals of the interleaved rounds do not overlap.',
    ...missing.map((line) => `- ${line}`),
    ...notes.map((line) => `- ${line}`),
  ].join('\n')
}

/** 0.98 [0.95, 1.02] */
export function formatRatio({ median, interval: [low, high] }: Ratio): string {
  const short = (value: number): string => (value >= 9.995 ? value.toFixed(1) : value.toFixed(value >= 0.0995 ? 2 : 3))
  return `${short(median)} [${short(low)}, ${short(high)}]`
}

/** A Markdown table with padded cells, the given columns to the right. */
function alignedTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[],
): string {
  const widths = headings.map((heading, column) =>
    Math.max(3, ...[heading, ...rows.map((row) => row[column]!)].map((cell) => [...cell].length)),
  )
  const padded = (cell: string, column: number): string => {
    const space = ' '.repeat(widths[column]! - [...cell].length)
    return right.includes(column) ? space + cell : cell + space
  }
  const line = (cells: readonly string[]): string => `| ${cells.map(padded).join(' | ')} |`
  const rule = widths.map((width, column) => (right.includes(column) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)))
  return [line(headings), line(rule), ...rows.map(line)].join('\n')
}
