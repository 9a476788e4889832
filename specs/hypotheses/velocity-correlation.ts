import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { CoordinatesQuantity } from '../../harness/quantity.ts'
import type { Spread } from '../../harness/spread.ts'
import type { TwoTimeRecord } from '../../observables/index.ts'
import { referenceOf } from '../regression/spread.ts'
import type { VelocitySetting } from '../regression/velocity-settings.ts'

export const velocityCorrelation: Hypothesis<VelocitySetting, TwoTimeRecord> = {
  id: 'velocity-correlation',
  claim:
    'Velocities of a mode correlate as the exact discrete law says, C(1) = β − ηh/2 at lag 1, and anticorrelate further on at any damping, overdamped modes included.',
  source: 'sec. 8, G.2; exactly, [P(Mʲ)ᵀ]_vv/P_vv',
  scale: 'linear',
  margin: 0.03,
  marginReason: 'of a correlation of 1; the SDE is off by three times as much at lag 1 where momentum is small',
  experiment: ({ velocities }) => velocities,
  rivals: () => [
    'langevin',
    'equation 19 as printed',
    'positive when overdamped',
    'first-order',
    'no momentum',
    'linear scaling',
    'Brownian',
    'ballistic',
  ],
  quantities(setting) {
    const { velocityMargin, velocityModes, velocityLags, velocityStride, memory } = setting
    const correlation = referenceOf(setting).velocityCorrelation!
    return velocityModes.map(({ mode, lags }): CoordinatesQuantity<TwoTimeRecord> => {
      const at = (lag: number): number => 4 * (mode * velocityLags.length + velocityLags.indexOf(lag)) + 3
      return {
        kind: 'coordinates',
        name: `mode ${mode + 1}`,
        margin: velocityMargin,
        coordinates: lags.map((lag) => ({
          name: `lag ${lag}`,
          spread: ratioSpread(
            (lags) => ofMode(correlation(lags), mode, lags.length),
            lag,
            velocityStride * Math.ceil(lag / velocityStride),
          ),
          relaxationSteps: memory.relaxationSteps[mode]!,
        })),
        predict({ predictions }) {
          const said = predictions.velocityCorrelation?.(lags)
          return said && ofMode(said, mode, lags.length)
        },
        measure: ({ twoTime, oneTime }) => lags.map((lag) => [twoTime[at(lag)]!, oneTime[at(lag)]!] as const),
        refusal: setting.varianceRefusal,
      }
    })
  },
}

function ofMode(values: Float64Array, mode: number, lagCount: number): Float64Array {
  return values.subarray(mode * lagCount, (mode + 1) * lagCount)
}

/**
 * Spread of Σ v_k v_{k+j} / Σ v_k² about C = C(j), windows `cycle` steps apart: that of v_k u_k with u_k = v_{k+j} − C v_k, whose
 * products m windows apart covary as E v v′ E u u′ + E v u′ E u v′ for Gaussian velocities.
 */
function ratioSpread(correlation: (lags: number[]) => Float64Array, lag: number, cycle: number): Spread {
  const reach = 6 * cycle + lag
  const curve = correlation(Array.from({ length: reach }, (_, k) => k + 1))
  const r = (k: number): number => (k === 0 ? 1 : curve[Math.abs(k) - 1]!)
  const C = r(lag)
  let variance = 0
  for (let m = -6; m <= 6; m++) {
    const apart = m * cycle
    const uu = r(apart) * (1 + C ** 2) - C * (r(apart + lag) + r(apart - lag))
    const vu = r(apart + lag) - C * r(apart)
    const uv = r(apart - lag) - C * r(apart)
    variance += r(apart) * uu + vu * uv
  }
  const varianceSteps = variance * cycle
  // A product of uncorrelated normals does not lean; what neighbouring windows share may: a quarter of the lean of a square, √8.
  return { varianceSteps, asymmetrySteps: ((Math.sqrt(8) / 4) * variance ** 1.5 * cycle ** 2) / 3 }
}
