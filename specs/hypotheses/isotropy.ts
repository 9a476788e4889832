import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { CoordinatesQuantity, RatioQuantity } from '../../harness/quantity.ts'
import { spreadOfRatio } from '../../harness/spread.ts'
import type { StationaryRecord } from '../../observables/index.ts'
import { binName, binRelaxation, binSum, modesOf } from '../regression/bins.ts'
import type { Bin, StationarySetting } from '../regression/setting.ts'
import { referenceOf, stationarySpread } from '../regression/spread.ts'

export const isotropy: Hypothesis<StationarySetting, StationaryRecord> = {
  id: 'isotropy',
  claim:
    'Positions spread as the theory that holds for this sampling says, in units of the isotropic law ησ²/(2S(1−β)) · ρ/(ρ+λ) of the modified loss Ψ_θ: alike in all modes only as far as Σ = σ²H.',
  source: 'eqs. 15, 51; exactly, × 2(1+β)/(2(1+β)−ηh)',
  scale: 'log',
  margin: [0.005, 0.01, 0.02, 0.05, 0.07, 0.1],
  marginReason:
    'as tight as the budget answers, at most what a few hundred independent samples a mode tell; the original loss is off by the ratio of curvatures',
  experiment: ({ stationary }) => stationary,
  rivals: ({ sampling }) => [
    'original-loss Gibbs',
    'no momentum',
    'no weight decay',
    sampling === 'shuffled-epochs' ? 'discrete' : 'shuffled epochs',
  ],
  quantities(setting) {
    const { problem, hyperparameters, memory, bins } = setting
    const { learningRate, momentum, weightDecay, batchSize } = hyperparameters
    // In units of the isotropic law, so that Langevin dynamics says 1 in every mode.
    const weights = problem.eigenvalues.map(
      (rho) => (2 * batchSize * (1 - momentum) * (rho + weightDecay)) / (learningRate * problem.noiseVariance * rho),
    )
    const expected = referenceOf(setting).positionVariance!()
    const mean = (bin: Bin, values: Float64Array): number => binSum(bin, weights, values) / (bin.last - bin.first)
    const spread = (bin: Bin): RatioQuantity<StationaryRecord>['spread'] =>
      stationarySpread(
        setting,
        expected.map((x, l) => (l >= bin.first && l < bin.last ? weights[l]! * x : 0)),
        memory.positionSteps,
      )
    const meanOver = (bin: Bin): RatioQuantity<StationaryRecord> => ({
      kind: 'ratio',
      name: binName(bin),
      predict({ predictions }) {
        const x = predictions.positionVariance?.()
        return x && mean(bin, x)
      },
      measure: ({ positionSquare }) => mean(bin, positionSquare),
      spread: spread(bin),
      relaxationSteps: binRelaxation(setting, bin),
      refusal: setting.varianceRefusal,
    })
    const eachIn = (bin: Bin): CoordinatesQuantity<StationaryRecord> => ({
      kind: 'coordinates',
      name: `each of ${binName(bin)}`,
      coordinates: modesOf(bin).map((mode) => ({
        name: binName(mode),
        spread: spread(mode),
        relaxationSteps: binRelaxation(setting, mode),
      })),
      predict({ predictions }) {
        const x = predictions.positionVariance?.()
        return x && modesOf(bin).map((mode) => mean(mode, x))
      },
      measure: ({ positionSquare }) => modesOf(bin).map((mode) => mean(mode, positionSquare)),
      refusal: setting.varianceRefusal,
    })
    const outlived = bins.filter((bin) => bin.outlived)
    const perBin = [...bins.map(meanOver), ...outlived.filter(({ first, last }) => last - first > 1).map(eachIn)]
    const steep = bins[0]!
    const flat = outlived.at(-1)
    if (!flat || flat === steep) return perBin
    return [
      ...perBin,
      meanOver({ first: 0, last: flat.last, outlived: true }),
      {
        kind: 'ratio',
        name: `${binName(steep)} against ${binName(flat)}`,
        predict({ predictions }) {
          const x = predictions.positionVariance?.()
          return x && mean(steep, x) / mean(flat, x)
        },
        measure: ({ positionSquare }) => [mean(steep, positionSquare), mean(flat, positionSquare)],
        spread: spreadOfRatio(spread(steep), spread(flat)),
        relaxationSteps: binRelaxation(setting, flat),
        refusal: setting.varianceRefusal,
      },
    ]
  },
}
