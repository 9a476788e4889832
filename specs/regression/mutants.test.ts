import { expect, test } from 'vitest'
import type { Theory } from '../../oracle/theory.ts'
import { lawMutants, withLaw } from './mutants.ts'
import { regressionSettings } from './settings.ts'

const steps = [1, 7, 64]

/** Everything that both theories say, flat. */
function said({ predictions }: Theory): Record<string, number[]> {
  const { globalDisplacement, velocityCorrelation, meanTrajectory, ...rest } = predictions
  const modeCount = rest.positionVariance!().length
  const start = { position: new Float64Array(modeCount).fill(1), velocity: new Float64Array(modeCount).fill(-0.5) }
  const mean = meanTrajectory?.(start, steps)
  return {
    positionVariance: [...rest.positionVariance!()],
    velocityVariance: [...rest.velocityVariance!()],
    speed: [rest.localDisplacement!()],
    ...(globalDisplacement && { globalDisplacement: [...globalDisplacement('stationary', steps)] }),
    ...(velocityCorrelation && { velocityCorrelation: [...velocityCorrelation(steps)] }),
    ...(mean && { mean: [...mean.position, ...mean.velocity] }),
  }
}

const withLaws = regressionSettings.flatMap((setting) => {
  const reference = setting.theories.find(({ name }) => name === setting.reference)!
  return reference.law === undefined ? [] : [{ name: setting.name, setting, reference }]
})

test.for(withLaws)('a law left as it is leaves what the reference says as it is: $name', ({ setting, reference }) => {
  const planted = said(withLaw(reference, reference.law!, setting.hyperparameters, 'none'))
  const own = said(reference)
  expect(Object.keys(planted).length).toBeGreaterThanOrEqual(4)
  for (const [name, values] of Object.entries(planted)) {
    values.forEach((value, index) => {
      expect(Math.abs(value - own[name]![index]!), name).toBeLessThanOrEqual(
        1e-9 * Math.abs(own[name]![index]!) + 1e-15,
      )
    })
  }
})

test('every bug moves something at some setting, and says nothing that the reference does not', () => {
  for (const mutant of lawMutants) {
    let moved = false
    for (const setting of regressionSettings) {
      const planted = mutant.plant(setting)
      if (planted === undefined) continue
      const reference = setting.theories.find(({ name }) => name === setting.reference)!
      for (const name of Object.keys(planted.predictions)) expect(reference.predictions).toHaveProperty(name)
      if (!('positionVariance' in planted.predictions)) moved = true
      else moved ||= JSON.stringify(said(planted)) !== JSON.stringify(said(reference))
    }
    expect(moved, mutant.name).toBe(true)
  }
})
