import { beforeAll, describe, expect, it } from 'vitest'
import { DivergedError } from '../../foundation/phase-space.ts'
import { standardNormal } from '../../foundation/random/normal.ts'
import { streamOf } from '../../foundation/random/xoshiro128.ts'
import { type RegressionProblem, regressionProblem } from '../../foundation/regression-problem.ts'
import { type SingleRun, singleRunSchema } from '../../foundation/single-run.ts'
import { discreteLaw } from '../../oracle/discrete.ts'
import { expectedMeanFrequency } from '../../oracle/expected-amplitude.ts'
import { langevinLaw } from '../../oracle/langevin.ts'
import { type RegressionSetting, regressionSetting } from './setting.ts'
import { singleRun } from './single-run.ts'

const hyperparameters = { learningRate: 0.04, momentum: 0.85, weightDecay: 0.002, batchSize: 8 }

/** Two outputs, the second noisier; the last feature hardly varies, so that its mode is too slow to be seen. */
function twoOutputs(): RegressionProblem {
  const [examples, scales] = [120, [1.4, 0.9, 0.5, 0.005]]
  const state = streamOf(17, 0)
  const features = Float64Array.from({ length: examples * 4 }, (_, at) => scales[at % 4]! * standardNormal(state))
  const targets = Float64Array.from({ length: examples * 2 }, (_, at) => {
    const from = 4 * Math.floor(at / 2)
    return features[from]! - features[from + 1]! + (at % 2 === 0 ? 0.2 : 0.6) * standardNormal(state)
  })
  return regressionProblem(features, targets, examples, hyperparameters.weightDecay)
}

const problem = twoOutputs()
const seed = 40
let setting: RegressionSetting
let run: SingleRun
beforeAll(() => {
  setting = regressionSetting(problem, hyperparameters, { sampling: 'with-replacement', seed: 1, stepsBudget: 1e4 })
  run = singleRun(setting, seed)!
})

const digits = (value: number): number => Number(value.toPrecision(6))

describe('singleRun', () => {
  it('is a run that the schema takes, the same for the same seed, another for another', () => {
    expect(singleRunSchema.parse(JSON.parse(JSON.stringify(run)))).toEqual(run)
    expect(JSON.stringify(singleRun(setting, seed))).toBe(JSON.stringify(run))
    expect(singleRun(setting, seed + 2)!.modes[0]!.path).not.toEqual(run.modes[0]!.path)
  })

  it('rows are states of the source itself, of its noisier output', () => {
    const { modeCount, outputCount } = problem
    expect([run.output, run.noiseVariance]).toEqual([2, problem.residualCovariance[3]])
    const states: { x: Float64Array; v: Float64Array }[] = []
    setting.stationarySource(seed).run(0, run.steps, (_, x, v) => {
      states.push({ x: x.slice(), v: v.slice() })
    })
    for (const { mode, path, trajectory } of run.modes) {
      for (const [every, rows] of [
        [run.pathEvery, path],
        [trajectory?.every ?? 1, trajectory],
      ] as const) {
        const at = modeCount * (run.output - 1) + mode - 1
        expect(rows?.position).toEqual(rows?.position.map((_, row) => digits(states[row * every]!.x[at]!)))
        expect(rows?.velocity).toEqual(rows?.velocity.map((_, row) => digits(states[row * every]!.v[at]!)))
      }
    }
    const moved = (k: number): number => states[k]!.x.reduce((sum, x, at) => sum + (x - states[0]!.x[at]!) ** 2, 0)
    const { steps, values } = run.globalDisplacement
    // sums in another order: the sixth digit may round otherwise
    for (const [place, step] of steps.entries()) expect(values[place]! / moved(step)).toBeCloseTo(1, 5)
    expect(states[0]!.x).toHaveLength(modeCount * outputCount)
  })

  it('draws the steepest mode, the flattest that it sees relax, and the one between', () => {
    const drawn = run.modes.filter(({ path }) => path !== undefined)
    expect(drawn.map(({ mode }) => mode)).toEqual([1, 2, 3])
    expect(drawn.every(({ trajectory, spectrum }) => trajectory && spectrum)).toBe(true)
    expect(run.modes).toHaveLength(4)
    expect(setting.memory.relaxationSteps[3]! * 20).toBeGreaterThan(run.steps)
    // the longest window is the whole run
    expect(run.pathEvery * (drawn[0]!.path!.position.length - 1)).toBeLessThanOrEqual(run.steps)
  })

  it('the training loss slopes at μ as its own gradient does', () => {
    // L without weight decay along mode l of the output: Σ_i (features_il x + r_i)²/2N, by difference
    const { exampleCount, modeCount, outputCount, features, residuals } = problem
    const loss = (l: number, x: number): number => {
      let sum = 0
      for (let i = 0; i < exampleCount; i++) {
        sum += (features[i * modeCount + l]! * x + residuals[i * outputCount + 1]!) ** 2 / (2 * exampleCount)
      }
      return sum
    }
    for (const { mode, lossSlope } of run.modes) {
      // central differences of a quadratic are exact but for rounding, 1e-16/1e-3
      expect(lossSlope).toBeCloseTo((loss(mode - 1, 1e-3) - loss(mode - 1, -1e-3)) / 2e-3, 7)
    }
  })

  it('frequencies are predicted by the laws of records of that length, and measured within five of their errors', () => {
    const { eigenvalues, residualCovariance } = problem
    const spectrum = { eigenvalues, noiseVariances: new Float64Array(4).fill(residualCovariance[3]!) }
    const langevin = expectedMeanFrequency(langevinLaw(spectrum, hyperparameters), run.records.length)
    const discrete = expectedMeanFrequency(discreteLaw(spectrum, hyperparameters), run.records.length)
    for (const { mode, frequency } of run.modes) {
      const said = new Map(frequency.predicted.map((each) => [each.theory, each]))
      for (const coordinate of ['position', 'velocity'] as const) {
        expect(said.get('langevin')![coordinate]).toBeCloseTo(langevin[coordinate][mode - 1]!, 5)
        expect(said.get('discrete')![coordinate]).toBeCloseTo(discrete[coordinate][mode - 1]!, 5)
        // frequencies do not see how much noise there is
        expect(said.get('noise at the minimum')![coordinate]).toBeCloseTo(discrete[coordinate][mode - 1]!, 5)
        const { value, standardError } = frequency[coordinate]
        // records of slow modes' positions are skewed and follow each other: errors are up to 1.5 times what they say
        expect(Math.abs(value - discrete[coordinate][mode - 1]!)).toBeLessThan(5 * 1.5 * standardError!)
      }
    }
    expect(run.records.count * run.records.length).toBe(run.steps)
  })

  it('exponents are those of the points that are told, and lie in the band, which holds its own prediction', () => {
    const { lengths, measured, prefactors, predicted } = run.exponents
    const { steps, values } = run.globalDisplacement
    const last = lengths.length - 1
    expect(lengths[last]).toBe(run.steps)
    // the fitted line goes through the means of the logarithms
    const logs = (list: readonly number[]): number =>
      list.reduce((sum, value) => sum + Math.log(value), 0) / list.length
    expect(Math.log(prefactors[last]!) + measured[last]! * logs(steps)).toBeCloseTo(logs(values), 4)
    const own = predicted.find(({ theory }) => theory === setting.reference)!
    expect(predicted.filter(({ low }) => low !== undefined)).toEqual([own])
    for (const [place, value] of own.values.entries()) {
      expect(value).toBeGreaterThan(own.low![place]!)
      expect(value).toBeLessThan(own.high![place]!)
    }
  })

  it('one that diverges is none, and one without noise', () => {
    const diverging = {
      modeCount: 4,
      outputCount: 2,
      run: () => {
        throw new DivergedError('chain 0 diverged')
      },
    }
    expect(singleRun({ ...setting, stationarySource: () => diverging }, seed)).toBeUndefined()
    const still = { ...problem, residuals: new Float64Array(problem.residuals.length), weightDecay: 0 }
    expect(singleRun({ ...setting, problem: still }, seed)).toBeUndefined()
  })
})
