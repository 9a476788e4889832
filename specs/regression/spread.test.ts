import { mean, sampleVariance } from 'simple-statistics'
import { expect, test } from 'vitest'
import { estimateRatio } from '../../harness/estimate.ts'
import type { Experiment, Hypothesis } from '../../harness/hypothesis.ts'
import { displacedHypotheses, stationaryHypotheses } from '../hypotheses/index.ts'
import { type RegressionSetting, regressionSetting } from './setting.ts'
import { regressionSettings } from './settings.ts'

/**
 * What plans rest on: the scatter of replicas is as predicted. 128 replicas know a variance to 12 % (one standard error);
 * state-dependent noise adds what the linear law leaves out, for which plans allow half as much again.
 */
const replicas = 128

function scatter<Measured>(
  hypothesis: Hypothesis<RegressionSetting, Measured>,
  setting: RegressionSetting,
): { name: string; ratio: number }[] {
  const experiment: Experiment<Measured> = hypothesis.experiment!(setting)
  const records = Array.from({ length: replicas }, (_, chain) => experiment.runReplica(chain))
  return hypothesis.quantities(setting).flatMap((quantity) => {
    if (quantity.kind !== 'ratio') return []
    const { name, measure, spread, scale = hypothesis.scale } = quantity
    const { standardError } = estimateRatio(records.map(measure), scale)
    return [
      {
        name: `${hypothesis.id}, ${setting.name}, ${name}`,
        ratio: (standardError ** 2 * replicas * experiment.samplesPerReplica) / spread.varianceSteps,
      },
    ]
  })
}

const { problem, hyperparameters } = regressionSettings[0]!
const stepsBudget = 4e5 // enough for the averages to be asymptotic, not for verdicts
const chosen = [
  regressionSetting(problem, hyperparameters, { sampling: 'gaussian', seed: 200, stepsBudget }),
  regressionSetting(problem, hyperparameters, { sampling: 'with-replacement', seed: 202, stepsBudget }),
  regressionSetting(problem, hyperparameters, { sampling: 'shuffled-epochs', noise: 'frozen', seed: 204, stepsBudget }),
]

test.each(chosen.map((setting) => [setting.name, setting] as const))(
  'replicas scatter as planned: %s',
  { timeout: 60_000 },
  (_, setting) => {
    const ratios = [
      ...stationaryHypotheses.flatMap((hypothesis) => scatter(hypothesis, setting)),
      ...displacedHypotheses.flatMap((hypothesis) => scatter(hypothesis, setting)),
    ]
    for (const { name, ratio } of ratios) {
      expect(ratio, name).toBeLessThan(1.5 + 4 * Math.sqrt(2 / replicas))
    }
    expect(mean(ratios.map(({ ratio }) => ratio))).toBeGreaterThan(0.4)
    expect(sampleVariance(ratios.map(({ ratio }) => ratio))).toBeLessThan(1)
  },
)
