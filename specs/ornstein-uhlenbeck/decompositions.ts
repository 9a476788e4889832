import { solve } from '../../foundation/linear-algebra/linear-solve.ts'
import { combine, identity } from '../../foundation/linear-algebra/square-matrix.ts'
import type { Hyperparameters, ModeSpectrum } from '../../foundation/phase-space.ts'
import type { Setting, Suite } from '../../harness/hypothesis.ts'
import { printedSkewPart } from '../../oracle/errata/drift-decomposition.ts'
import { modifiedLoss, phaseMatrix } from '../../oracle/modified-loss.ts'
import {
  figure3Process,
  langevinProcess,
  type OrnsteinUhlenbeck,
  rotationOfSymmetricDrift,
} from '../../oracle/ornstein-uhlenbeck/index.ts'
import type { PhaseBlocks } from '../../oracle/theory.ts'
import { specLedger } from '../regression/settings.ts'
import type { Voice } from '../voice.ts'

/** What is said of a process's drift A and diffusion D. Matrices are row-major. // [size, size] each */
export interface DriftParts {
  /** B, of AB + BAᵀ = 2D. */
  readonly shape: Float64Array
  /** Q. */
  readonly rotation: Float64Array
  /** U. */
  readonly curvature: Float64Array
  /** κ. */
  readonly inverseTemperature: number
}

/** A process with all who say how its drift is made up. */
export interface DecompositionSetting extends Setting {
  readonly theories: readonly Voice<Partial<DriftParts>>[]
  readonly process: OrnsteinUhlenbeck
}

/** Axes at an angle to the modes: a reflection I − 2uuᵀ/uᵀu, columns orthonormal. // [size, size] */
function reflection(u: readonly number[]): Float64Array {
  const length = u.reduce((sum, x) => sum + x * x, 0)
  return identity(u.length).map((value, at) => value - (2 * u[Math.floor(at / u.length)]! * u[at % u.length]!) / length)
}

/** diag(values) in the axes of a basis. // [size, size] */
function inBasis(values: Float64Array, basis: Float64Array): Float64Array {
  const size = values.length
  return Float64Array.from({ length: size * size }, (_, at) => {
    let sum = 0
    for (let l = 0; l < size; l++) {
      sum += basis[Math.floor(at / size) * size + l]! * values[l]! * basis[(at % size) * size + l]!
    }
    return sum
  })
}

/** SGD's process from H and Σ alone, in axes of its own, against the closed forms of eqs. 14 and 49 mode by mode. */
function sgd(name: string, spectrum: ModeSpectrum, hyperparameters: Hyperparameters): DecompositionSetting {
  const { eigenvalues, noiseVariances } = spectrum
  const modeCount = eigenvalues.length
  const basis = reflection(Array.from({ length: modeCount }, (_, l) => 1 + l))
  const noise = eigenvalues.map((rho, l) => rho * noiseVariances[l]!)
  const { drift, diffusion, circulation, curvature, covariance, inverseTemperature } = modifiedLoss(
    spectrum,
    hyperparameters,
  )
  const full = (blocks: PhaseBlocks): Float64Array => phaseMatrix(blocks, basis)
  const exact: DriftParts = {
    shape: full(covariance),
    rotation: full(circulation),
    curvature: full(curvature),
    inverseTemperature,
  }
  const scaled = (blocks: PhaseBlocks, by: (mode: number, entry: number) => number): Float64Array =>
    full(blocks.map((value, at) => value * by(Math.floor(at / 4), at % 4)))
  // Eq. 30 reads eigenvectors of A, which an oscillating mode does not have.
  const skew = eigenvalues.map((_, l) =>
    printedSkewPart(
      [drift[4 * l]!, drift[4 * l + 1]!, drift[4 * l + 2]!, drift[4 * l + 3]!],
      [0, 0, 0, diffusion[4 * l + 3]!],
    ),
  )
  const byEquation30 = skew.every(Number.isFinite)
    ? [
        {
          name: 'equation 30',
          title: 'Q of eqs. 29–31, though A is not symmetric',
          source: 'eqs. 29–31 (erratum 10)',
          says: {
            ...exact,
            rotation: full(circulation.map((_, at) => [0, 1, -1, 0][at % 4]! * skew[Math.floor(at / 4)]!)),
          },
        },
      ]
    : []
  return {
    name,
    process: langevinProcess(
      inBasis(eigenvalues, basis),
      inBasis(noise, basis),
      new Float64Array(modeCount),
      hyperparameters,
    ),
    reference: 'modified loss',
    required: true,
    theories: [
      { name: 'modified loss', title: 'Q, U and B as SGD has them', source: 'eqs. 14 and 49', says: exact },
      {
        name: 'Q turned round',
        title: 'Q = [[0, Σ], [−Σ, 0]]',
        source: 'the other sign of eq. 49',
        says: { ...exact, rotation: exact.rotation.map((value) => -value) },
      },
      {
        name: 'equation 52',
        title: 'Ψ_v without its ½',
        source: 'eq. 52 (erratum 5)',
        says: {
          ...exact,
          curvature: scaled(curvature, (_, entry) => (entry === 3 ? 2 : 1)),
          shape: scaled(covariance, (_, entry) => (entry === 3 ? 0.5 : 1)),
        },
      },
      {
        name: 'original loss',
        title: 'Ψ_θ follows the training loss, ½(θ−μ)ᵀ(H+λI)(θ−μ)',
        source: 'Gibbs’ law of the loss that is trained',
        says: {
          ...exact,
          curvature: scaled(curvature, (l, entry) => (entry === 0 ? noise[l]! / noise[0]! : 1)),
          shape: scaled(covariance, (l, entry) => (entry === 0 ? noise[0]! / noise[l]! : 1)),
        },
      },
      {
        name: 'κ without S',
        title: 'κ = 1 − β²',
        source: 'the batch size left out of eq. 11',
        says: { ...exact, inverseTemperature: inverseTemperature / hyperparameters.batchSize },
      },
      ...byEquation30,
    ],
  }
}

/** A symmetric drift with noise of two strengths, where eq. 30 applies. */
function figure3(): DecompositionSetting {
  const process = figure3Process('potentialMinimum', 1)
  const { size, drift, diffusion, inverseTemperature } = process
  const rotation = rotationOfSymmetricDrift(drift, diffusion, size)
  const force = combine(1, diffusion, 1, rotation)
  const exact: DriftParts = {
    // B = A⁻¹(D + Q), U = (D + Q)⁻¹A
    shape: solve(drift, force, size)!,
    curvature: solve(force, drift, size)!,
    rotation,
    inverseTemperature,
  }
  const none = new Float64Array(size * size)
  return {
    name: 'Figure 3, a symmetric drift',
    process,
    reference: 'equation 30',
    required: true,
    theories: [
      { name: 'equation 30', title: 'Q from the eigenbasis of a symmetric A', source: 'eqs. 30–31', says: exact },
      {
        name: 'Q turned round',
        title: 'Q̃_ij = D̃_ij (λ_j − λ_i)/(λ_i + λ_j)',
        source: 'the other sign of eq. 30',
        says: { ...exact, rotation: combine(-1, exact.rotation, 0, none) },
      },
      {
        name: 'detailed balance',
        title: 'Q = 0: no current at stationarity',
        source: 'reversible processes',
        says: { ...exact, rotation: none },
      },
      {
        name: 'original loss',
        title: 'Ψ = Φ: B = A⁻¹',
        source: 'Gibbs’ law of Φ',
        says: { ...exact, curvature: drift, shape: Float64Array.of(0.625, 0.375, 0.375, 0.625) },
      },
    ],
  }
}

const spectrum: ModeSpectrum = {
  eigenvalues: Float64Array.of(4, 1.5, 0.6, 0.2),
  noiseVariances: new Float64Array(4).fill(0.25),
}

export const decompositions: Suite<DecompositionSetting> = {
  settings: [
    sgd('sgd, underdamped', spectrum, { learningRate: 0.03, momentum: 0.9, weightDecay: 0, batchSize: 16 }),
    sgd('sgd, overdamped, weight decay', spectrum, {
      learningRate: 0.03,
      momentum: 0.3,
      weightDecay: 0.5,
      batchSize: 16,
    }),
    figure3(),
  ],
  ledger: specLedger,
  mutants: [],
}
