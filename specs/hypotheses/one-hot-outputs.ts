import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { CoordinatesQuantity, RatioQuantity } from '../../harness/quantity.ts'
import type { Spread } from '../../harness/spread.ts'
import type { OutputsRecord, OutputsSetting, OutputsTheory } from '../one-hot-outputs/suite.ts'
import { pooledMargin, pooledMarginReason, singleModeMarginReason } from '../regression/margins.ts'

export const oneHotOutputs: Hypothesis<OutputsSetting, OutputsRecord> = {
  id: 'one-hot-outputs',
  claim:
    'With one output for each class every eigenvector returns in every output as the damped oscillator of its eigenvalue, with noise that two outputs share as the products of their residuals say: Hessian H⊗I, and as far as Assumption 3 holds noise R⊗H.',
  source: 'eq. 9 and Fig. 2; exactly, Mᵏz₀ in each output, and of two outputs what their sum does',
  scale: 'linear',
  margin: [0.01, 0.02, 0.05],
  marginReason: `of the root mean square over outputs of the start (velocities: times the peak speed for a start of 1): ${singleModeMarginReason}`,
  experiment: ({ experiment }) => experiment,
  rivals: () => [
    'gradient flow',
    'no momentum',
    'mean over outputs',
    'rates by output',
    'outputs apart',
    'outputs alike',
  ],
  quantities({ problem, start, steps, asked, variance, along: alongStart, shared, theories, reference }) {
    const { modeCount, outputCount } = problem
    const own = theories.find(({ name }) => name === reference)!
    const pairs = Array.from(start, (from, at) => ({
      at,
      from,
      mode: at % modeCount,
      output: Math.floor(at / modeCount),
    }))
    const startOf = (mode: number): number =>
      Math.sqrt(pairs.reduce((sum, pair) => sum + (pair.mode === mode ? pair.from ** 2 / outputCount : 0), 0))

    const curves = (what: 'position' | 'velocity') => {
      const which = what === 'position' ? 0 : 1
      const place = (mode: number): number => asked[what][mode]!
      const speed = (mode: number): number =>
        which === 0 ? 1 : Math.max(...steps.map((step) => Math.abs(own.response!(step, 0)[2 * mode + 1]!)))
      const unit = Array.from({ length: modeCount }, (_, mode) => startOf(mode) * speed(mode))
      const said = ({ response }: OutputsTheory, mode: number, output: number): number =>
        response!(steps[place(mode)]!, output)[2 * mode + which]!
      const measured = (record: OutputsRecord, at: number, mode: number): number =>
        record[what][at * steps.length + place(mode)]!
      const scatter = (at: number, mode: number): number => variance[4 * (at * steps.length + place(mode)) + 3 * which]!
      const each: CoordinatesQuantity<OutputsRecord, OutputsTheory> = {
        kind: 'coordinates',
        name: `${what} of each eigenvector in each output`,
        coordinates: pairs.map(({ at, mode, output }) => ({
          name: `mode ${mode + 1} in output ${output + 1} at step ${steps[place(mode)]}`,
          spread: { varianceSteps: scatter(at, mode) / unit[mode]! ** 2, asymmetrySteps: 0 },
          relaxationSteps: 0,
        })),
        predict: (theory) =>
          theory.response && pairs.map(({ mode, output, from }) => (said(theory, mode, output) * from) / unit[mode]!),
        measure: (record) => pairs.map(({ at, mode }) => measured(record, at, mode) / unit[mode]!),
      }
      // The outputs' vector along what it was at the start, a unit for each mode, and positive as it should be.
      const weights = pairs.map(({ mode, from }) => {
        const sign = Math.sign(said(own, mode, 0))
        return (sign * from) / (pairs.length * startOf(mode) * unit[mode]!)
      })
      const modes = Array.from({ length: modeCount }, (_, mode) => mode)
      const pooled: RatioQuantity<OutputsRecord, OutputsTheory> = {
        kind: 'ratio',
        name: `${what} along the start, mean over eigenvectors and outputs`,
        margin: pooledMargin,
        marginReason: pooledMarginReason,
        predict: (theory) =>
          theory.response &&
          pairs.reduce((sum, { at, mode, output, from }) => sum + weights[at]! * from * said(theory, mode, output), 0),
        measure: (record) => pairs.reduce((sum, { at, mode }) => sum + weights[at]! * measured(record, at, mode), 0),
        spread: {
          varianceSteps: modes.reduce(
            (sum, mode) =>
              sum +
              alongStart[4 * (mode * steps.length + place(mode)) + 3 * which]! /
                (pairs.length * startOf(mode) * unit[mode]!) ** 2,
            0,
          ),
          asymmetrySteps: 0,
        },
        relaxationSteps: 0,
      }
      return [each, pooled]
    }

    const outputs = Array.from({ length: outputCount }, (_, output) => output)
    const twos = outputs.flatMap((from) => outputs.filter((to) => to > from).map((to) => ({ from, to })))
    /** Of both outputs' residuals, so that a correlation is asked. */
    const scale = ({ from, to }: (typeof twos)[number]): number =>
      Math.sqrt(
        problem.residualCovariance[from * (outputCount + 1)]! / problem.residualCovariance[to * (outputCount + 1)]!,
      )
    const noise: CoordinatesQuantity<OutputsRecord, OutputsTheory> = {
      kind: 'coordinates',
      name: 'noise of one output in another',
      marginReason: 'of a correlation of 1',
      coordinates: twos.map((two) => ({
        name: `output ${two.to + 1} on output ${two.from + 1}`,
        spread: regressionSpread(shared, own.regression!(two.from, two.to), two, scale(two)),
        relaxationSteps: 0,
      })),
      predict: ({ regression }) => regression && twos.map((two) => regression(two.from, two.to) * scale(two)),
      measure: ({ products }) =>
        twos.map(
          (two) =>
            [products[two.from * outputCount + two.to]! * scale(two), products[two.from * (outputCount + 1)]!] as const,
        ),
    }
    return [...curves('position'), ...curves('velocity'), noise]
  },
}

/**
 * Of Σ_l ab/Σ_l a² about a slope s, a and b Gaussian in each mode and modes independent: that of Σ_l a(b − sa), where a product of
 * two normals of variances w, u and covariance c varies by wu + c² and has the third cumulant 2c(3wu + c²).
 */
function regressionSpread(
  shared: OutputsSetting['shared'],
  slope: number,
  { from, to }: { readonly from: number; readonly to: number },
  scale: number,
): Spread {
  const [w, both, other] = [shared(from, from), shared(from, to), shared(to, to)]
  let [total, variance, third] = [0, 0, 0]
  for (let l = 0; l < w.length; l++) {
    const c = both[l]! - slope * w[l]!
    const u = other[l]! - 2 * slope * both[l]! + slope ** 2 * w[l]!
    total += w[l]!
    variance += w[l]! * u + c ** 2
    third += 2 * c * (3 * w[l]! * u + c ** 2)
  }
  return {
    varianceSteps: variance * (scale / total) ** 2,
    asymmetrySteps: (Math.abs(third) * (scale / total) ** 3) / 3,
  }
}
