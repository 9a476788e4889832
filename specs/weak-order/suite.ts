import type { Setting, Suite } from '../../harness/hypothesis.ts'
import { langevinTheory } from '../../oracle/langevin.ts'
import { type Moment, moments, type WeakOrderSetting, weakOrder } from '../../oracle/weak-order.ts'
import { specLedger } from '../regression/settings.ts'
import type { Voice } from '../voice.ts'

/** One momentum, at which the SDE's errors against exact SGD are followed as η → 0. */
export interface WeakSetting extends Setting {
  readonly theories: readonly Voice<(moment: ComparedMoment) => number>[]
  readonly momentum: number
  readonly moments: readonly ComparedMoment[]
  /** How far the slope over these learning rates may lie from the order, by the next term of the expansion. */
  readonly bend: number
}

/** A moment, with the order that the SDE's expansion in η gives it. */
export interface ComparedMoment {
  readonly name: string
  readonly order: number
  /** Where the SDE starts. */
  readonly start: 'stationary' | 'at rest' | 'at −hx₀/(1+β)'
  /** Slope of the errors as measured. */
  readonly measured: () => number
}

const weightDecay = 0.1
const spectrum = { eigenvalues: Float64Array.of(3, 1, 0.2), noiseVariances: Float64Array.of(1, 2, 0.5) }
const position = Float64Array.of(1, -1, 2)
// η from 1e-3 to 6e-5: errors far above rounding
const stepCounts = [400, 800, 1600, 3200, 6400]
/** η of 1e-7: only what is left of the errors as η → 0. */
const manySteps = [1e6, 2e6, 4e6]

function momentsAt(momentum: number): ComparedMoment[] {
  const setting: WeakOrderSetting = { spectrum, momentum, weightDecay, batchSize: 4, time: 0.4 }
  const rest = { position, velocity: new Float64Array(3) }
  const sliding = {
    position,
    velocity: position.map((x, l) => (-(spectrum.eigenvalues[l]! + weightDecay) * x) / (1 + momentum)),
  }
  const compared = (
    name: string,
    order: number,
    start: ComparedMoment['start'],
    moment: Moment,
    { exact = moment, steps = stepCounts }: { exact?: Moment; steps?: readonly number[] } = {},
  ): ComparedMoment => ({
    name,
    order,
    start,
    measured: () => weakOrder(langevinTheory, moment, setting, steps, exact).order ?? Number.NaN,
  })
  return [
    compared('Var x', 1, 'stationary', moments.positionVariance),
    compared('Var v', 1, 'stationary', moments.velocityVariance),
    compared('R_xx a time apart', 2, 'stationary', moments.positionAutocovariance),
    compared('velocity correlation a time apart', 1, 'stationary', moments.velocityCorrelation),
    compared('velocity correlation 3 steps apart', 0, 'stationary', moments.velocityCorrelationAtLag(3), {
      steps: manySteps,
    }),
    compared('displacement', 1, 'stationary', moments.globalDisplacement('stationary')),
    compared('displacement from rest', 1, 'at rest', moments.globalDisplacement(rest)),
    compared('Var x from a start', 1, 'at rest', moments.positionVarianceFromStart),
    compared('Var v from a start', 1, 'at rest', moments.velocityVarianceFromStart),
    compared('mean position', 1, 'at rest', moments.meanPosition(rest)),
    compared('mean velocity', 2, 'at rest', moments.meanVelocity(rest)),
    compared('mean position, SGD from rest', 2, 'at −hx₀/(1+β)', moments.meanPosition(sliding), {
      exact: moments.meanPosition(rest),
    }),
    compared('mean velocity, SGD from rest', 1, 'at −hx₀/(1+β)', moments.meanVelocity(sliding), {
      exact: moments.meanVelocity(rest),
    }),
    // Without momentum SGD forgets its velocity, and both cases are one.
    compared(
      'mean position, SGD from there too',
      momentum === 0 ? 2 : 1,
      'at −hx₀/(1+β)',
      moments.meanPosition(sliding),
    ),
  ]
}

function weakSetting(momentum: number, bend: number): WeakSetting {
  return {
    name: `β = ${momentum}`,
    momentum,
    bend,
    moments: momentsAt(momentum),
    reference: 'expansion in η',
    required: true,
    theories: [
      {
        name: 'expansion in η',
        title: 'eq. 5’s moments and those of the recursion, term by term in η',
        source: 'oracle/weak-order.ts',
        says: ({ order }) => order,
      },
      {
        name: 'first order throughout',
        title: 'every moment off by O(η), as the SDE of a scheme of first order',
        source: 'Li, Tai & E, Stochastic modified equations, ICML 2017: the order-1 theorem read as an equality',
        says: () => 1,
      },
      {
        name: 'second order throughout',
        title: 'every moment off by O(η²), for eq. 4 keeps the artificial diffusion of first order',
        source: 'sec. 4, read at its word',
        says: () => 2,
      },
      {
        name: 'second order from v(0) = −hx₀/(1+β)',
        title: 'first order, but second from the velocity that takes up the boundary layer, wherever SGD starts',
        source: 'erratum 12 without its condition on SGD’s own start, and for velocities too',
        says: ({ start }) => (start === 'at −hx₀/(1+β)' ? 2 : 1),
      },
      {
        name: 'order ½',
        title: 'the strong order of Euler and Maruyama’s method',
        source: 'Kloeden & Platen, Numerical Solution of Stochastic Differential Equations, sec. 10.2',
        says: () => 0.5,
      },
    ],
  }
}

export const weakOrders: Suite<WeakSetting> = {
  settings: [weakSetting(0, 0.02), weakSetting(0.5, 0.02), weakSetting(0.9, 0.12)],
  ledger: specLedger,
  mutants: [],
}
