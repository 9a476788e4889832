import type { NetworkClaim } from '../../foundation/network-results.ts'
import type { ReplicaValue } from '../../harness/index.ts'
import { replicaExponents } from '../../observables/index.ts'
import { isotropy } from '../../oracle/index.ts'
import type { RecordedRun, RunAnalysis, RunPredictions, RunStatistics } from './analyse-run.ts'
import { type ModeWindow, meanFrequency } from './mode-window.ts'
import { fittedSteps, predictedVirial, speedByEquation18 } from './network-predictions.ts'
import { type NoiseModel, noiseModels } from './network-spectrum.ts'
import { equation18, stationaryNetworkTheory, windowTheory } from './network-theories.ts'
import { type ClaimedQuantity, fewestReplicas, ratioClaim } from './ratio-claim.ts'

/** Runs that differ in their seed only. */
export interface RunGroup {
  /** The first of them, whose label stands for all. */
  readonly run: RecordedRun
  readonly analysis: RunAnalysis
  readonly predictions: RunPredictions
  /** // [run] */
  readonly statistics: readonly RunStatistics[]
}

/** All that is claimed of a group of runs, each quantity against each theory that predicts it. */
export function networkClaims(group: RunGroup): NetworkClaim[] {
  return [
    ...speedClaims(group),
    ...displacementClaims(group),
    ...modeClaims(group),
    ...frequencyClaims(group),
    ...virialClaims(group),
  ].flatMap((claimed) => ratioClaim(group.run.label, claimed) ?? [])
}

function speedClaims({ run, analysis, predictions, statistics }: RunGroup): ClaimedQuantity[] {
  const { steps, curves, stationarySpeed } = predictions
  const { hyperparameters, order } = run
  const half = Math.floor(steps / 2) + 1
  const [early, late] = [Math.floor(steps / 4) + 1, Math.floor((3 * steps) / 4) + 1]
  const whole = statistics.map(({ localDisplacement }) => mean(localDisplacement.subarray(1)))
  const second = statistics.map(({ localDisplacement }) => mean(localDisplacement.subarray(half)))
  const samples = { numerator: statistics[0]!.localDisplacement.subarray(half) }
  const longRun = (theory: string, source: string, prediction: number): ClaimedQuantity => ({
    quantity: 'mean ‖δ‖², second half',
    source,
    theory,
    prediction,
    values: second,
    series: { samples, prediction },
  })
  return [
    longRun(equation18.name, equation18.source, speedByEquation18(analysis.spectrum.noiseTrace, hyperparameters)),
    ...noiseModels.flatMap((model): ClaimedQuantity[] => {
      const window = windowTheory(order.sampling, model)
      const { localDisplacement } = curves[model]
      const stationary = stationarySpeed[model]
      const secondHalf = mean(localDisplacement.subarray(half))
      return [
        {
          quantity: 'mean ‖δ‖² over the run',
          source: window.source,
          theory: window.name,
          prediction: mean(localDisplacement.subarray(1)),
          values: whole,
          series: { samples, prediction: secondHalf },
        },
        ...(stationary === undefined
          ? []
          : [longRun(stationaryNetworkTheory(order.sampling, model).name, 'secs. 4 and 8', stationary)]),
        {
          quantity: 'constant speed: ‖δ‖² in the last quarter over the second',
          source: 'sec. 8, Fig. 1',
          theory: window.name,
          prediction: mean(localDisplacement.subarray(late)) / mean(localDisplacement.subarray(early, half)),
          values: statistics.map(
            ({ localDisplacement: local }): ReplicaValue => [
              mean(local.subarray(late)),
              mean(local.subarray(early, half)),
            ],
          ),
        },
      ]
    }),
  ]
}

function displacementClaims({ run, analysis, predictions, statistics }: RunGroup): ClaimedQuantity[] {
  const { steps, curves, exponents } = predictions
  const fitted = fittedSteps(analysis.fit, steps)
  // single runs' own exponents are of E log‖Δ‖², which lies lower where few modes carry the distance
  const measured = replicaExponents(
    fitted,
    statistics.map(({ globalDisplacement }) => fitted.map((step) => globalDisplacement[step]!)),
  )
  return noiseModels.flatMap((model): ClaimedQuantity[] => {
    const { name: theory } = windowTheory(run.order.sampling, model)
    const exponent = exponents[model]
    return [
      {
        quantity: '‖Δ‖² at the end',
        source: 'sec. 8, Fig. 1',
        theory,
        prediction: curves[model].globalDisplacement[steps]!,
        values: statistics.map(({ globalDisplacement }) => globalDisplacement[steps]!),
      },
      ...(exponent === undefined
        ? []
        : [
            {
              quantity: 'exponent c of ‖Δ‖²',
              source: 'sec. 8, Figs. 1, 7 and 9',
              theory,
              prediction: exponent.value,
              values: [...measured],
              spread: exponent.spread,
              note: 'fit of the runs’ mean curve',
            },
          ]),
    ]
  })
}

function modeClaims({ run, analysis, predictions, statistics }: RunGroup): ClaimedQuantity[] {
  const { hyperparameters, order } = run
  const { steps } = predictions
  const half = Math.floor(steps / 2)
  const count = predictions.modes.length
  return noiseModels.flatMap((model): ClaimedQuantity[] => {
    const theory = windowTheory(order.sampling, model).name
    const usable = predictions.modes.flatMap((windows, mode) => (predicts(windows[model]) ? [mode] : []))
    if (usable.length === 0) return []
    const over = usable.length === count ? `modes 1–${count}` : `${usable.length} of ${count} modes`
    /** Each mode's measured over predicted, averaged: modes count alike, whatever their size. */
    const average = (of: (window: ModeWindow) => number): number[] =>
      statistics.map(({ modes }) =>
        usable.reduce((sum, mode) => sum + of(modes[mode]!) / of(predictions.modes[mode]![model]) / usable.length, 0),
      )
    const series = (of: 'velocitySquares' | 'rotations', unit: (window: ModeWindow) => number) => {
      const numerator = new Float64Array(steps - half)
      for (const mode of usable) {
        const values = statistics[0]![of][mode]!
        const scale = 1 / unit(predictions.modes[mode]![model]) / usable.length
        for (let at = half; at < steps; at++) numerator[at - half]! += values[at]! * scale
      }
      return { samples: { numerator }, prediction: 1 }
    }
    const turned = usable.filter((mode) => statistics.every(({ modes }) => modes[mode]!.rotation < 0)).length
    const [first, last] = [usable[0]!, usable.at(-1)!]
    const shape = (windows: readonly ModeWindow[], of: 'positionVariance' | 'velocityVariance'): number =>
      windows[first]![of] / windows[last]![of]
    const pair = `modes ${first + 1} and ${last + 1}`
    return [
      {
        quantity: `velocity variance over predicted, ${over}`,
        source: 'sec. 5, eq. 11',
        theory,
        prediction: 1,
        values: average(({ velocityVariance }) => velocityVariance),
        series: series('velocitySquares', ({ velocityVariance }) => velocityVariance),
      },
      {
        quantity: `position variance over predicted, ${over}`,
        source: 'sec. 5, eq. 11',
        theory,
        prediction: 1,
        values: average(({ positionVariance }) => positionVariance),
      },
      {
        quantity: `rotation over predicted, ${over}`,
        source: 'sec. 7, eq. 17',
        theory,
        prediction: 1,
        values: average(({ rotation }) => rotation),
        series: series('rotations', ({ rotation }) => rotation),
        note: `${turned} of ${usable.length} modes turn clockwise in every run`,
      },
      ...(first === last
        ? []
        : [
            {
              quantity: `isotropy: Var x, ${pair}`,
              source: 'sec. 7',
              theory,
              prediction: shape(
                predictions.modes.map((windows) => windows[model]),
                'positionVariance',
              ),
              values: statistics.map(
                ({ modes }): ReplicaValue => [modes[first]!.positionVariance, modes[last]!.positionVariance],
              ),
              note: isotropyNote(model, [first, last], { run, analysis, predictions }),
            },
            {
              quantity: `velocity covariance along H: Var v, ${pair}`,
              source: 'sec. 7',
              theory,
              prediction: shape(
                predictions.modes.map((windows) => windows[model]),
                'velocityVariance',
              ),
              values: statistics.map(
                ({ modes }): ReplicaValue => [modes[first]!.velocityVariance, modes[last]!.velocityVariance],
              ),
              note: `ρ of ${(analysis.spectrum.top[first]!.eigenvalue / analysis.spectrum.top[last]!.eigenvalue).toPrecision(3)} : 1`,
            },
          ]),
    ]

    function isotropyNote(
      of: NoiseModel,
      pairOf: readonly [number, number],
      group: Pick<RunGroup, 'run' | 'analysis' | 'predictions'>,
    ): string {
      const nodes = pairOf.map((mode) => group.analysis.spectrum.top[mode]!)
      const expected = isotropy(
        Float64Array.from(pairOf, (mode) => group.predictions.modes[mode]![of].positionVariance),
        Float64Array.from(nodes, ({ eigenvalue, noise }) => noise[of] / eigenvalue),
        hyperparameters,
      )
      return `the window leaves ${expected[0]!.toPrecision(3)} and ${expected[1]!.toPrecision(3)} of ησ²/(2S(1−β))`
    }
  })
}

/** Modes that a window's variances can be divided by, and whose noise is known. */
function predicts({ positionVariance, velocityVariance, rotation }: ModeWindow): boolean {
  return (
    positionVariance > 0 &&
    velocityVariance > 0 &&
    rotation !== 0 &&
    Number.isFinite(positionVariance + velocityVariance + rotation)
  )
}

function frequencyClaims({ run, predictions, statistics }: RunGroup): ClaimedQuantity[] {
  const { amplitudes: expected } = predictions
  const seen = statistics.flatMap(({ frequencies }) => (frequencies === undefined ? [] : [frequencies]))
  if (expected === undefined || seen.length === 0) return []
  return noiseModels.flatMap((model) =>
    (['position', 'velocity'] as const).flatMap((of): ClaimedQuantity[] => {
      const predicted = expected.map((amplitudes) =>
        meanFrequency(amplitudes[model].frequencies, amplitudes[model][of]),
      )
      const usable = predicted.flatMap((frequency, mode) => (frequency > 0 && Number.isFinite(frequency) ? [mode] : []))
      if (usable.length === 0) return []
      return [
        {
          quantity: `mean frequency of ${of} over predicted, ${usable.length} modes`,
          source: 'appendix H, Fig. 8',
          theory: windowTheory(run.order.sampling, model).name,
          prediction: 1,
          values: frequencyRatios(
            seen.map((frequencies) => usable.map((mode) => frequencies[mode]![of])),
            usable.map((mode) => predicted[mode]!),
          ),
          ...(of === 'position' && seen.length < fewestReplicas
            ? { note: 'of few records: their quotients lie up to 10 % below that of the sums’ means, in slow modes' }
            : {}),
        },
      ]
    }),
  )
}

/**
 * What each run contributes to the frequencies over predicted, averaged over modes: of each mode the quotient of its two sums'
 * means over runs, to first order in its own deviations. Runs' own quotients would tend to something else.
 *
 * @param sums Σ f|X| and Σ |X| // [run][mode]
 */
function frequencyRatios(
  sums: readonly (readonly (readonly [weighted: number, total: number])[])[],
  predicted: readonly number[],
): number[] {
  const ratios = sums.map(() => 0)
  for (const [mode, frequency] of predicted.entries()) {
    const weighted = sums.reduce((sum, of) => sum + of[mode]![0] / sums.length, 0)
    const total = sums.reduce((sum, of) => sum + of[mode]![1] / sums.length, 0)
    const scale = weighted / total / frequency / predicted.length
    for (const [run, of] of sums.entries()) {
      ratios[run]! += scale * (1 + of[mode]![0] / weighted - of[mode]![1] / total)
    }
  }
  return ratios
}

function virialClaims({ run, predictions, statistics }: RunGroup): ClaimedQuantity[] {
  const { steps } = statistics[0]!.virial
  if (steps.length < 2) return []
  const { hyperparameters, order } = run
  const half = steps.findIndex((step) => 2 * step >= predictions.steps)
  const values = statistics.map(({ virial }): ReplicaValue => [mean(virial.potential), mean(virial.kineticAndBoundary)])
  const first = statistics[0]!.virial
  const shifted = first.kinetic.reduce((sum, value) => sum + value, 0) / first.potential.reduce((a, b) => a + b, 0)
  return noiseModels.flatMap((model): ClaimedQuantity[] => {
    // with replacement both models say 1: once is enough
    if (order.sampling === 'with-replacement' && model !== 'measured') return []
    const ratioOver = (at: readonly number[]): number => {
      const { potential, kineticAndBoundary } = predictedVirial(predictions.curves[model], hyperparameters, at)
      return potential / kineticAndBoundary
    }
    const late = steps.slice(half)
    return [
      {
        quantity: 'virial: Δ·(∇L+λθ) over kinetic energy and boundary',
        source: 'Yaida’s first relation, G.3',
        theory: windowTheory(order.sampling, model).name,
        prediction: order.sampling === 'with-replacement' ? 1 : ratioOver(steps),
        values,
        ...(late.length < 60
          ? {}
          : {
              series: {
                samples: {
                  numerator: first.potential.subarray(half),
                  denominator: first.kineticAndBoundary.subarray(half),
                },
                prediction: order.sampling === 'with-replacement' ? 1 : ratioOver(late),
              },
            }),
        note: `without boundary terms kinetic/potential is ${shifted.toPrecision(3)}`,
      },
    ]
  })
}

function mean(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}
