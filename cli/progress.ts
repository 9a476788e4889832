import { Presets, SingleBar } from 'cli-progress'

/** Says how far long work is: a bar on a terminal, a plain line each tenth elsewhere. */
export interface Progress {
  advance(steps: number, stage: string): void
  /** The work may end before its budget is spent. */
  finish(): void
}

/** @param what of which the total is done bit by bit */
export function showProgress(
  total: number,
  stream: NodeJS.WritableStream & { readonly isTTY?: boolean },
  what: 'budget' | 'steps',
): Progress {
  return stream.isTTY ? barProgress(total, stream) : lineProgress(total, stream, what)
}

function barProgress(total: number, stream: NodeJS.WritableStream): Progress {
  const format = '{bar} {percentage} % | {stage} | {duration_formatted} gone, at most {eta_formatted} to go'
  const bar = new SingleBar(
    { format, stream, hideCursor: true, clearOnComplete: true, etaBuffer: 200 },
    Presets.shades_classic,
  )
  bar.start(total, 0, { stage: '' })
  return {
    advance: (steps, stage) => bar.increment(steps, { stage }),
    finish: () => bar.stop(),
  }
}

function lineProgress(total: number, stream: NodeJS.WritableStream, what: string): Progress {
  let done = 0
  let said = 0
  return {
    advance(steps, stage) {
      done += steps
      const tenths = Math.floor((10 * done) / total)
      if (tenths > said) stream.write(`  ${tenths * 10} % of the ${what}, ${stage}\n`)
      said = Math.max(said, tenths)
    },
    finish: () => undefined,
  }
}
