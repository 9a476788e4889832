import { fitPowerLaw } from '../../foundation/power-law.ts'
import type { Hypothesis } from '../../harness/hypothesis.ts'
import { type Gaussian, lawAtTime } from '../../oracle/ornstein-uhlenbeck/index.ts'
import type { ProximalSetting, Scheme } from '../ornstein-uhlenbeck/proximal-steps.ts'

const stepCounts = [100, 200, 400]

export const jko: Hypothesis<ProximalSetting> = {
  id: 'jko',
  claim:
    'Steps that lower the free energy while staying near in Wasserstein’s distance, with its ½, follow the Fokker–Planck equation to first order in the step.',
  source: 'Theorem 1, with erratum 8',
  scale: 'linear',
  margin: 2e-4,
  marginReason:
    'two runs extrapolated leave the second order of the step, (τ·rate)² = (0.8/400 · 2.4)² = 2e-5, times 10',
  rivals: ({ theories }) => theories.map(({ name }) => name),
  quantities({ process, start, time, theories, reference }) {
    const numbers = ({ mean, covariance }: Gaussian): number[] => [...mean, ...covariance]
    const truth = numbers(lawAtTime(process, start, time))
    const run = ({ step }: Scheme, steps: number): number[] | undefined => {
      if (!step) return undefined
      let law = start
      for (let k = 0; k < steps; k++) law = step(law, time / steps)
      return numbers(law)
    }
    const scheme = theories.find(({ name }) => name === reference)!.says
    return [
      {
        kind: 'exact',
        name: `mean and covariance at time ${time}`,
        predict({ says }) {
          const coarse = run(says, stepCounts[1]!)
          const fine = run(says, stepCounts[2]!)
          return coarse && fine?.map((value, at) => 2 * value - coarse[at]!)
        },
        compute: () => truth,
      },
      {
        kind: 'exact',
        name: 'order of the error at that time',
        margin: 0.03,
        marginReason: 'slopes bend by the next order, τ·rate = 0.8/100 · 2, over factors of two',
        predict: ({ says }) => says.order,
        compute() {
          const errors = stepCounts.map((steps) =>
            Math.hypot(...run(scheme, steps)!.map((value, at) => value - truth[at]!)),
          )
          return -fitPowerLaw(stepCounts, errors).exponent
        },
      },
    ]
  },
}
