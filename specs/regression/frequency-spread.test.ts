import { expect, test } from 'vitest'
import { estimateRatio } from '../../harness/estimate.ts'
import { observeSpectrum } from '../../observables/index.ts'
import { discreteLaw } from '../../oracle/discrete.ts'
import { expectedAmplitude } from '../../oracle/expected-amplitude.ts'
import { transitionSource } from '../../sim/index.ts'
import { frequencyVariance } from './frequency-spread.ts'

test('records scatter about their mean frequency as planned, modes that leak and modes that do not', () => {
  const hyperparameters = { learningRate: 0.03, momentum: 0.9, weightDecay: 0, batchSize: 16 }
  const spectrum = { eigenvalues: Float64Array.of(4, 0.5, 0.07), noiseVariances: new Float64Array(3).fill(0.25) }
  const law = discreteLaw(spectrum, hyperparameters)
  const pointCount = 64
  const source = transitionSource(
    { increment: law.increment(1), covariance: law.accumulated!(1) },
    { seed: 3, start: { position: new Float64Array(3), velocity: new Float64Array(3) } },
  )
  const burnIn = 500 // ten relaxation times of the slowest mode
  const records = Array.from({ length: 4000 }, (_, chain) => {
    const { observer, record } = observeSpectrum(source, { burnIn, pointCount, every: pointCount })
    source.run(chain, burnIn + pointCount - 1, observer)
    return record()
  })
  const amplitudes = expectedAmplitude(law, pointCount)
  for (const series of ['position', 'velocity'] as const) {
    const planned = frequencyVariance(law, series, pointCount, amplitudes)
    planned.forEach((variance, l) => {
      const values = records.map(
        ({ [series]: { weightedAmplitude, totalAmplitude } }) => [weightedAmplitude[l]!, totalAmplitude[l]!] as const,
      )
      const measured = estimateRatio(values, 'log').standardError ** 2 * records.length
      // A variance from 4000 records is known to 5 %; plans allow for half more than they reckon with.
      expect(measured / variance, `${series} of mode ${l}`).toBeGreaterThan(0.7)
      expect(measured / variance, `${series} of mode ${l}`).toBeLessThan(1.25)
    })
  }
})
