import { spectrumOf } from '../../foundation/regression-problem.ts'
import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { FunctionQuantity, RatioQuantity } from '../../harness/quantity.ts'
import { rotation as rotationMeasured, type TwoTimeRecord } from '../../observables/index.ts'
import { discreteRotation } from '../../oracle/rotation.ts'
import { type BilinearWeights, bilinearVariance, relativeSpread } from '../regression/bilinear-spread.ts'
import { singleModeMargin, singleModeMarginReason } from '../regression/margins.ts'
import type { TwoTimeSetting } from '../regression/two-time-settings.ts'
import type { TwoTimeTheory } from '../regression/two-time-theories.ts'

/** R_xv − R_vx. */
const turning: BilinearWeights = [0, 1, -1, 0]

export const rotation: Hypothesis<TwoTimeSetting, TwoTimeRecord> = {
  id: 'rotation',
  claim:
    'Phase space turns: in every mode E[x_k v_{k+1} − x_{k+1} v_k] is −ησ²ρ/(S(1−β)), and of modes that oscillate it turns round at the lag π/ϑ, ϑ the angle of the eigenvalues of a step.',
  source: 'sec. 7, eq. 17; exactly, R_xv(j) − R_vx(j) ∝ |λ|ʲ sin(jϑ)',
  scale: 'log',
  margin: singleModeMargin(),
  marginReason: singleModeMarginReason,
  experiment: ({ experiment }) => experiment,
  rivals: ({ regression }) => [
    'first-order',
    'no momentum',
    'times exchanged',
    'detailed balance',
    'turns as its eigenvalue',
    regression.sampling === 'shuffled-epochs' ? 'discrete' : 'shuffled epochs',
  ],
  quantities(setting) {
    const { regression, law, lags, turns, cycle } = setting
    const { problem, hyperparameters, memory } = regression
    const { modeCount } = problem
    const unit = discreteRotation(spectrumOf(problem), hyperparameters)
    const said = ({ twoTime }: TwoTimeTheory, lag: number): Float64Array | undefined =>
      twoTime && rotationMeasured({ twoTime: twoTime(lag) })
    const own = setting.theories.find(({ name }) => name === setting.reference)!
    const one = said(own, 1)!
    const row = lags.indexOf(1)
    const variances = Array.from({ length: modeCount }, (_, mode) =>
      bilinearVariance(law, mode, {
        lag: 1,
        cycle: cycle(1),
        weights: turning,
        relaxationSteps: memory.relaxationSteps[mode]!,
      }),
    )
    const perStep = Array.from(
      { length: modeCount },
      (_, mode): RatioQuantity<TwoTimeRecord, TwoTimeTheory> => ({
        kind: 'ratio',
        name: `mode ${mode + 1}, per step`,
        predict: (theory) => {
          const turned = said(theory, 1)
          return turned && turned[mode]! / unit[mode]!
        },
        measure: (record) => rotationMeasured(record)[mode * lags.length + row]! / unit[mode]!,
        spread: relativeSpread(variances[mode]!, one[mode]!),
        relaxationSteps: memory.relaxationSteps[mode]!,
      }),
    )
    const reversals = turns.map(({ mode, before, after }): FunctionQuantity<TwoTimeRecord, TwoTimeTheory> => {
      const [first, second] = [lags.indexOf(before), lags.indexOf(after)]
      // By a straight line through a lag on each side.
      const turn = ([a, b]: ArrayLike<number> & Iterable<number>): number =>
        before + ((after - before) * a!) / (a! - b!)
      const ends = [said(own, before)![mode]!, said(own, after)![mode]!] as const
      const slope = Math.abs(ends[0] - ends[1]) / (after - before)
      const variance = Math.max(
        ...[before, after].map((lag) =>
          bilinearVariance(law, mode, {
            lag,
            cycle: cycle(lag),
            weights: turning,
            relaxationSteps: memory.relaxationSteps[mode]!,
          }),
        ),
      )
      return {
        kind: 'function',
        name: `mode ${mode + 1}, lag at which it turns round`,
        predict(theory) {
          if (theory.reversal) return theory.reversal[mode]
          const [a, b] = [said(theory, before), said(theory, after)]
          if (!a || !b || !(a[mode]! * b[mode]! < 0)) return undefined
          return turn([a[mode]!, b[mode]!])
        },
        measure: (record) => {
          const turned = rotationMeasured(record)
          return [turned[mode * lags.length + first]!, turned[mode * lags.length + second]!]
        },
        of: (means) => turn(means),
        spread: relativeSpread(variance / slope ** 2, turn(ends)),
        relaxationSteps: memory.relaxationSteps[mode]!,
      }
    })
    return [...perStep, ...reversals]
  },
}
