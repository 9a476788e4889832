import { Bench } from 'tinybench'

/** Somebody who is timed: ours by the bench's clock, a peer by its own. */
export interface Contender {
  /** Unique among those timed together. */
  readonly key: string
  /** Either runs so many steps, or resolves to the nanoseconds that it took for them. */
  readonly work: { readonly run: (steps: number) => void } | { readonly time: (steps: number) => Promise<number> }
  /** Fewer steps than this are not representative. */
  readonly leastSteps?: number
}

/**
 * How many steps take about so many milliseconds.
 *
 * Found by doing it, at ever larger numbers: what our engine compiles while it runs, it has compiled then.
 */
export async function calibratedSteps(contender: Contender, milliseconds: number): Promise<number> {
  const { work, leastSteps = 1 } = contender
  let steps = leastSteps
  for (;;) {
    let spent = Math.max(1e-3, await millisecondsOf(work, steps))
    // once more: one hiccup of the machine must not pass for the end of the search
    if (spent > milliseconds / 3) spent = Math.max(1e-3, Math.min(spent, await millisecondsOf(work, steps)))
    const wanted = Math.max(leastSteps, Math.round((steps * milliseconds) / spent))
    if (spent > milliseconds / 3) return wanted
    steps = Math.min(wanted, 8 * steps)
  }
}

async function millisecondsOf(work: Contender['work'], steps: number): Promise<number> {
  if ('time' in work) return (await work.time(steps)) * 1e-6
  const start = performance.now()
  work.run(steps)
  return performance.now() - start
}

/**
 * Times everybody once in each round, so that load of the machine meets all alike: round 1 of each, round 2 of each, …
 * Every other round runs in reverse order, and one round before the first is not counted.
 *
 * @param contenders each with the steps that it does in a round
 * @param progress told how many rounds are done
 * @returns nanoseconds a step // [contender, round]
 */
export async function interleavedRounds(
  contenders: readonly { readonly contender: Contender; readonly steps: number }[],
  rounds: number,
  progress: (done: number) => void,
): Promise<number[][]> {
  const samples = contenders.map((): number[] => [])
  for (let round = 0; round <= rounds; round++) {
    const bench = new Bench({ warmup: false, time: 0, iterations: 1, throws: true })
    for (const { contender, steps } of round % 2 === 0 ? contenders : [...contenders].reverse()) {
      const { key, work } = contender
      if ('run' in work) {
        bench.add(key, () => work.run(steps), { async: false })
      } else {
        bench.add(key, async () => ({ overriddenDuration: (await work.time(steps)) * 1e-6 }), { async: true })
      }
    }
    await bench.run()
    if (round > 0) {
      contenders.forEach(({ contender, steps }, index) => {
        const result = bench.getTask(contender.key)?.result
        if (result?.state !== 'completed') throw new Error(`interleavedRounds: ${contender.key} was not timed`)
        samples[index]!.push((result.latency.mean * 1e6) / steps)
      })
    }
    progress(round)
  }
  return samples
}
