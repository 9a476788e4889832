import type { Machine, Run, SpecRun } from '../../foundation/results.ts'
import { counted } from '../markdown-text.ts'
import { formatCount } from '../numbers.ts'

/** Machine and versions of a run, which its report itself must not know. */
export function runFacts(run: Run | undefined): [string, string][] {
  if (run === undefined) return []
  const { startedAt, seconds, workers, peakMemoryMegabytes, continued } = run
  const without = continued ? ', without the parts that were there from an earlier command' : ''
  return [
    ['ran', `${timeText(startedAt)}, ${secondsText(seconds)}${without}`],
    ['on', machineText(run)],
    ['used', `${formatCount(workers)} threads, ${formatCount(peakMemoryMegabytes)} MB at most`],
  ]
}

/** The same of a test run, which may be spread over machines. */
export function specRunFacts(run: SpecRun | undefined): [string, string][] {
  if (run === undefined) return []
  const { startedAt, seconds, merged, machines } = run
  const time =
    startedAt === undefined || seconds === undefined
      ? 'nothing'
      : `${timeText(startedAt)}, ${secondsText(seconds)} from the first test to the last`
  return [
    ['ran', `${time}${merged ? ', in shards that were put together elsewhere' : ''}`],
    ...machines.map((machine): [string, string] => [
      'on',
      `${machineText(machine)}${machines.length === 1 ? '' : `: ${counted(machine.files, 'file')}`}`,
    ]),
  ]
}

function timeText(startedAt: string): string {
  return `${startedAt.slice(0, 16).replace('T', ' ')} UTC`
}

/** Short runs to a tenth. */
function secondsText(seconds: number): string {
  return `${seconds < 10 ? seconds.toFixed(1) : formatCount(seconds)} s`
}

function machineText({ cpu, cores, platform, node }: Machine): string {
  return `${cpu}, ${counted(cores, 'core')}, ${platform}, Node ${node.replace(/^v/, '')}`
}
