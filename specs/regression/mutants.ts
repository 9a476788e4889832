import type { Hyperparameters } from '../../foundation/phase-space.ts'
import type { Mutant } from '../../harness/hypothesis.ts'
import { onceEach } from '../../harness/once-each.ts'
import { specBudget } from '../../harness/vitest/environment.ts'
import { discreteLaw } from '../../oracle/discrete.ts'
import {
  type PhaseBlocks,
  type Predictions,
  predictionsOf,
  type SecondOrderLaw,
  type Theory,
} from '../../oracle/theory.ts'
import type { RegressionSetting } from './setting.ts'

/**
 * Bugs that a theory of SGD can have, each planted in the law that the reference's predictions follow from. Shuffled epochs have
 * no one law, and only what is planted in predictions themselves concerns them.
 */

/** undefined: the law says nothing that the bug would change. */
type PlantedLaw = (law: SecondOrderLaw, hyperparameters: Hyperparameters) => SecondOrderLaw | undefined

function inLaw(name: string, bug: string, plant: PlantedLaw): Mutant<RegressionSetting> {
  return {
    name,
    bug,
    plant: onceEach((setting) => {
      const reference = referenceTheory(setting)
      const planted = reference.law && plant(reference.law, setting.hyperparameters)
      return planted && withLaw(reference, planted, setting.hyperparameters, name)
    }),
  }
}

function referenceTheory({ theories, reference }: RegressionSetting): Theory {
  return theories.find(({ name }) => name === reference)!
}

/** What the reference predicts, from another law. */
export function withLaw(reference: Theory, law: SecondOrderLaw, hyperparameters: Hyperparameters, bug: string): Theory {
  const { globalDisplacement, ...derived } = predictionsOf(law, hyperparameters)
  const predictions: Partial<Predictions> = Object.fromEntries(
    Object.entries(derived).filter(([name]) => name in reference.predictions),
  )
  const name = `${reference.name}, with the bug ${bug}`
  // A transient that depends on the data is more than its law.
  const fromStationarity: Predictions['globalDisplacement'] = (start, steps) =>
    start === 'stationary' ? globalDisplacement(start, steps) : reference.predictions.globalDisplacement!(start, steps)
  return {
    name,
    title: name,
    source: reference.source,
    predictions: { ...predictions, globalDisplacement: law.accumulated ? globalDisplacement : fromStationarity },
    law,
  }
}

/** Factors of E x², E xv and E v² in one mode. */
type Factors = readonly [xx: number, xv: number, vv: number]

/** Every covariance of the law, the stationary one and what has accumulated since a start. */
function scaled(law: SecondOrderLaw, factors: (mode: number) => Factors): SecondOrderLaw {
  const scale = (blocks: PhaseBlocks): PhaseBlocks =>
    blocks.map((value, index) => {
      const [xx, xv, vv] = factors(index >> 2)
      return value * [xx, xv, xv, vv][index & 3]!
    })
  const { accumulated } = law
  return {
    ...law,
    stationary: scale(law.stationary),
    ...(accumulated && { accumulated: (step: number) => scale(accumulated(step)) }),
  }
}

const alike = (factor: number): Factors => [factor, factor, factor]

/** The law's steps counted otherwise. */
function atSteps(law: SecondOrderLaw, steps: (step: number) => number): SecondOrderLaw {
  const { accumulated } = law
  return {
    ...law,
    propagator: (step) => law.propagator(steps(step)),
    increment: (step) => law.increment(steps(step)),
    ...(accumulated && { accumulated: (step: number) => accumulated(steps(step)) }),
  }
}

/** The law's own moments, moved by the propagator of SGD with other hyperparameters or another spectrum. */
function movedBy(law: SecondOrderLaw, hyperparameters: Hyperparameters, stiffness = 1): SecondOrderLaw {
  const eigenvalues = law.spectrum.eigenvalues.map((rho) => rho * stiffness)
  const weightDecay = hyperparameters.weightDecay * stiffness
  const { propagator, increment } = discreteLaw({ ...law.spectrum, eigenvalues }, { ...hyperparameters, weightDecay })
  return { ...law, propagator, increment }
}

export const lawMutants: readonly Mutant<RegressionSetting>[] = [
  inLaw('1+β for 1−β', 'stationary moments divided by 1+β instead of 1−β', (law, { momentum }) =>
    scaled(law, () => alike((1 - momentum) / (1 + momentum))),
  ),
  inLaw('mass without 1+β', 'm = η/2 in the position variance', (law, { momentum }) =>
    scaled(law, () => [1 / (1 + momentum), 1, 1]),
  ),
  inLaw('σ for σ²', 'noise enters by its deviation', (law) =>
    scaled(law, (l) => alike(1 / Math.sqrt(law.spectrum.noiseVariances[l]!))),
  ),
  inLaw('κ without S', 'noise of one example, not of a batch', (law, { batchSize }) =>
    scaled(law, () => alike(batchSize)),
  ),
  inLaw('½ dropped', 'position variance ησ²ρ/(S(1−β)h)', (law) => scaled(law, () => [2, 1, 1])),
  inLaw('λ missing in the spread', 'position variance with ρ where ρ+λ belongs', (law, { weightDecay }) =>
    scaled(law, (l) => [1 + weightDecay / law.spectrum.eigenvalues[l]!, 1, 1]),
  ),
  inLaw('λ missing in the force', 'the mean relaxes by H alone', (law, hyperparameters) =>
    movedBy(law, { ...hyperparameters, weightDecay: 0 }),
  ),
  inLaw('sign of Q', 'E xv with its sign reversed', (law) => scaled(law, () => [1, -1, 1])),
  inLaw('H for H⁻¹', 'modified loss with the Hessian where its inverse belongs', (law) => {
    const { eigenvalues } = law.spectrum
    const mean = eigenvalues.reduce((sum, rho) => sum + rho / eigenvalues.length, 0)
    return scaled(law, (l) => [(mean / eigenvalues[l]!) ** 2, 1, 1])
  }),
  inLaw('velocities alike', 'Ψ_v without H⁻¹: the same velocity variance in every mode', (law) => {
    const { eigenvalues } = law.spectrum
    const mean = eigenvalues.reduce((sum, rho) => sum + rho / eigenvalues.length, 0)
    return scaled(law, (l) => [1, 1, mean / eigenvalues[l]!])
  }),
  inLaw(
    'ηh dropped',
    'moments of the limit η → 0, 2(1+β) for 2(1+β)−ηh',
    (law, { learningRate, momentum, weightDecay }) =>
      scaled(law, (l) => {
        const slowness = learningRate * (law.spectrum.eigenvalues[l]! + weightDecay)
        return alike(1 - slowness / (2 * (1 + momentum)))
      }),
  ),
  inLaw('off-by-one lag', 'k+1 steps for k', (law) => atSteps(law, (step) => step + 1)),
  inLaw('k for ηk', 'time counted in steps: E(k), which is k/η steps', (law, { learningRate }) =>
    atSteps(law, (step) => Math.round(step / learningRate)),
  ),
  inLaw('h for 2h', 'ω² = h/(η(1+β)): half the stiffness', (law, hyperparameters) =>
    movedBy(law, hyperparameters, 0.5),
  ),
  inLaw('β² for β', 'friction of two steps a step', (law, hyperparameters) =>
    movedBy(law, { ...hyperparameters, momentum: hyperparameters.momentum ** 2 }),
  ),
  {
    name: 'η for η²',
    bug: 'E‖δ‖² = η E‖v‖²',
    plant(setting) {
      const reference = referenceTheory(setting)
      const speed = reference.predictions.localDisplacement
      const { learningRate } = setting.hyperparameters
      return speed && { ...reference, predictions: { localDisplacement: () => speed() / learningRate } }
    },
  },
]

/** An error in a single mode: what the usual budget must see, and what a hundred times as much. */
const singleModeError = specBudget() >= 100 ? 0.02 : 0.1
const percent = (error: number): string => `${Math.round(100 * error)} %`

/** Errors near the margins. A prediction for many modes must not be off by 2 %, one for a single mode by 10 %. */
export function smallErrors(modeCount: number): readonly Mutant<RegressionSetting>[] {
  const small = (name: string, bug: string, plant: PlantedLaw): Mutant<RegressionSetting> => ({
    ...inLaw(name, bug, plant),
    small: true,
  })
  return [
    small('speed off by 2 %', 'E v² too large in every mode', (law) => scaled(law, () => [1, 1, 1.02])),
    small('spread off by 2 %', 'E x² too large in every mode', (law) => scaled(law, () => [1.02, 1, 1])),
    ...Array.from({ length: modeCount }, (_, mode) =>
      small(`position of mode ${mode + 1} off by ${percent(singleModeError)}`, 'E x² too large in one mode', (law) =>
        scaled(law, (l) => [l === mode ? 1 + singleModeError : 1, 1, 1]),
      ),
    ),
    ...Array.from({ length: modeCount }, (_, mode) =>
      small(`velocity of mode ${mode + 1} off by ${percent(singleModeError)}`, 'E v² too large in one mode', (law) =>
        scaled(law, (l) => [1, 1, l === mode ? 1 + singleModeError : 1]),
      ),
    ),
  ]
}
