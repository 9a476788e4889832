import { spectrumAtMinimum } from '../../foundation/regression-problem.ts'
import type { NamedTheory } from '../../harness/hypothesis.ts'
import { discreteLaw } from '../../oracle/discrete.ts'
import { firstOrderTwoTime } from '../../oracle/rivals/first-order-two-time.ts'
import { discreteRotationReversal } from '../../oracle/rotation.ts'
import { shuffledTwoTimeStationary } from '../../oracle/shuffled-epochs-two-time.ts'
import type { PhaseBlocks, Theory } from '../../oracle/theory.ts'
import { twoTimeCovariance } from '../../oracle/two-time-covariance.ts'
import type { RegressionSetting } from './setting.ts'

/** What is said of Cov(z_k, z_{k+j}) at stationarity, the earlier time first. */
export interface TwoTimeTheory extends NamedTheory {
  /** xx, xv, vx, vv // [mode, 4] */
  readonly twoTime?: (lag: number) => PhaseBlocks
  /** The lag, in steps, at which each mode's rotation turns round, where it is said without the covariances. // [mode] */
  readonly reversal?: readonly number[]
}

/** Who says what of two times at a setting. */
export function theoriesOfTwoTimes(setting: RegressionSetting): TwoTimeTheory[] {
  const { theories, reference, problem, hyperparameters } = setting
  const { exampleCount, eigenvalues } = problem
  const atMinimum = spectrumAtMinimum(problem)
  const ofLaws = theories.flatMap(({ name, title, source, law }: Theory): TwoTimeTheory[] => {
    if (name === 'shuffled epochs') {
      const shuffling = { exampleCount }
      return [
        {
          name,
          title,
          source,
          twoTime: (lag) => shuffledTwoTimeStationary(atMinimum, hyperparameters, shuffling, 'anywhere', lag),
        },
      ]
    }
    return law === undefined
      ? []
      : [{ name, title, source, twoTime: (lag) => twoTimeCovariance(law, 'stationary', 0, lag) }]
  })
  const own = ofLaws.find(({ name }) => name === reference)!.twoTime!
  const steepest = eigenvalues[0]! + hyperparameters.weightDecay
  const turn = discreteRotationReversal(eigenvalues, hyperparameters)[0]!
  const withoutMomentum = discreteLaw(atMinimum, { ...hyperparameters, momentum: 0 })
  return [
    ...ofLaws,
    {
      name: 'first-order',
      title: 'first-order SDE with learning rate η/(1−β)',
      source: 'Mandt, Hoffman & Blei 2016; Jastrzębski et al. 2017',
      twoTime: (lag) => firstOrderTwoTime(atMinimum, hyperparameters, lag),
    },
    {
      name: 'no momentum',
      title: 'exact discrete SGD with β = 0',
      source: 'the same law with momentum ignored',
      twoTime: (lag) => twoTimeCovariance(withoutMomentum, 'stationary', 0, lag),
    },
    {
      name: 'times exchanged',
      title: 'Cov(z_t, z_s) for Cov(z_s, z_t)',
      source: 'eq. 34 with the sign of its exponent as printed, e^{Aᵀ|t−s|} read for t > s',
      twoTime: (lag) => mapBlocks(own(lag), ([xx, xv, vx, vv]) => [xx, vx, xv, vv]),
    },
    {
      name: 'detailed balance',
      title: 'a process without currents: R_xv = R_vx',
      source: 'Boltzmann–Gibbs law of an equilibrium',
      twoTime: (lag) => mapBlocks(own(lag), ([xx, xv, vx, vv]) => [xx, (xv + vx) / 2, (xv + vx) / 2, vv]),
    },
    {
      name: 'turns as its eigenvalue',
      title: 'rotation at rates proportional to the eigenvalues, that of the steepest mode given',
      source: 'secs. 7 and F.2 as worded',
      reversal: Array.from(eigenvalues, (rho) => (turn * steepest) / (rho + hyperparameters.weightDecay)),
    },
  ]
}

type Block = [xx: number, xv: number, vx: number, vv: number]

function mapBlocks(blocks: PhaseBlocks, change: (block: Block) => Block): PhaseBlocks {
  const changed = new Float64Array(blocks.length)
  for (let b = 0; b < blocks.length; b += 4) {
    changed.set(change([blocks[b]!, blocks[b + 1]!, blocks[b + 2]!, blocks[b + 3]!]), b)
  }
  return changed
}
