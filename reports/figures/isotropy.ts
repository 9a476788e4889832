import type { Report } from '../../foundation/results.ts'
import { referenceComparison, samplingNames } from '../names.ts'
import type { Figure } from './figure.ts'
import { faint, logDomain, logPosition, okabeIto } from './style.ts'

const width = 620
const shapes = ['circle', 'square', 'triangle-up', 'diamond'] as const

/**
 * Position variance per mode in units of the isotropic law ησ²ρ/2S(1−β)(ρ+λ) of the modified loss (eq. 15), against the
 * eigenvalue, under each sampling scheme.
 */
export function isotropyFigure(report: Report): Figure | undefined {
  const { learningRate, momentum, weightDecay, batchSize } = report.hyperparameters
  const { noiseVariance } = report.spectrum
  const curves = report.varianceCurves
  if (curves.length === 0 || batchSize === undefined || noiseVariance === undefined || !(noiseVariance > 0))
    return undefined
  const unit = (rho: number): number =>
    (learningRate * noiseVariance * rho) / (2 * batchSize * (1 - momentum) * (rho + weightDecay))
  const title = 'Isotropy under each way of drawing batches'
  const points = curves.flatMap((curve) =>
    curve.position.flatMap((value, l) => {
      const rho = curve.eigenvalues[l]!
      const isSlow = curve.relaxationSteps[l]! > curve.stepsPerReplica / 20
      if (!(value > 0) || isSlow) return []
      const error = 2 * curve.positionStandardError[l]!
      return [
        {
          rho,
          value: value / unit(rho),
          low: Math.max(value - error, value / 10) / unit(rho),
          high: (value + error) / unit(rho),
          sampling: samplingNames[curve.sampling],
        },
      ]
    }),
  )
  if (points.length === 0) return undefined
  const lines = curves.flatMap((curve) => {
    const claims = report.claims.filter(({ sampling }) => sampling === curve.sampling)
    const references = new Set(claims.map((claim) => referenceComparison(claim)?.theory))
    const predicted = curve.predictedPosition.find(({ theory }) => references.has(theory))
    return (predicted?.values ?? []).flatMap((value, l) => {
      const rho = curve.eigenvalues[l]!
      return value > 0 ? [{ rho, value: value / unit(rho), sampling: samplingNames[curve.sampling] }] : []
    })
  })
  const domain = curves.map(({ sampling }) => samplingNames[sampling])
  const x = logPosition('rho', 'eigenvalue ρ  [curvature]', logDomain([...points, ...lines].map(({ rho }) => rho)))
  const values = [1, ...lines.map(({ value }) => value), ...points.flatMap(({ low, high }) => [low, high])]
  const y = logPosition('value', 'variance of position  [isotropic law]', logDomain(values, 1.15))
  const color = {
    field: 'sampling',
    type: 'nominal',
    scale: { domain, range: domain.map((_, i) => okabeIto[i % okabeIto.length]!) },
  } as const
  return {
    kind: 'isotropy',
    name: 'isotropy',
    title,
    caption:
      'Variance of position along each mode, in units of the law of the modified loss, which is the same in every direction without weight decay: 1 is isotropic. Points are measured, ± 2 standard errors; lines are what the theory nearest the truth says of each scheme. Modes that relax too slowly to test anything are left out.',
    spec: {
      title: {
        text: title,
        subtitle: '1 is the modified loss’s isotropic law; points measured ± 2 standard errors, lines predicted',
      },
      width,
      height: 300,
      layer: [
        {
          data: { values: [{ value: 1 }] },
          mark: { type: 'rule', color: faint, strokeDash: [2, 3] },
          encoding: { y },
        },
        { data: { values: lines }, mark: { type: 'line', strokeWidth: 1.6 }, encoding: { x, y, color } },
        {
          data: { values: points },
          mark: { type: 'rule', strokeWidth: 1.6 },
          encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
        },
        {
          data: { values: points },
          mark: { type: 'point', filled: true, size: 46, opacity: 1 },
          encoding: {
            x,
            y,
            color,
            shape: {
              field: 'sampling',
              type: 'nominal',
              scale: { domain, range: domain.map((_, i) => shapes[i % shapes.length]!) },
            },
          },
        },
      ],
    },
  }
}
