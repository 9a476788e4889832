import type { NetworkReport } from '../../foundation/network-results.ts'
import type { ExampleSource } from '../data/example-source.ts'
import { permute } from '../data/permutation.ts'
import type { Objective } from '../models/objective.ts'
import { downloadParameters, type ParameterList } from '../models/parameter-list.ts'
import { innerProductInDoubles } from '../tensorflow/inner-product.ts'
import type { CurvatureSettings } from './curvature-settings.ts'
import { curvatureStream } from './curvature-stream.ts'
import type { Eigenpairs } from './eigenpairs.ts'
import type { Estimate } from './estimate.ts'
import { batchGradients, fullGradient } from './full-gradient.ts'
import { gradientNoise } from './gradient-noise.ts'
import { type HessianOperator, hessianOperator, until } from './hessian-operator.ts'
import { type LanczosEigenpairs, type LanczosEigenpairsState, lanczosEigenpairs } from './lanczos-eigenpairs.ts'
import { largestMicroBatch } from './micro-batch.ts'
import { vectorOf } from './parameter-vector.ts'
import type { Control } from './progress.ts'
import { type SpectralDensity, type SpectralDensityState, spectralDensity } from './spectral-density.ts'
import { stationaryMeanCoordinates } from './stationary-mean.ts'
import { type SubspaceIterationState, subspaceIteration } from './subspace-iteration.ts'
import { chosenBatches, tensorBatches } from './tensor-batches.ts'
import { hutchinsonTrace, type TraceState } from './trace.ts'

/** A network at some parameters, and the dataset that its loss is the mean over. */
export interface CurvatureProblem {
  readonly objective: Objective
  /** θ, on the backend. */
  readonly parameters: ParameterList
  readonly source: ExampleSource
  /** λ of the stationary mean; H and g are the loss's own. */
  readonly weightDecay: number
}

/** Curvature of the mean loss and noise of its gradients, at θ. Vectors are in the order of `HessianOperator`. */
export interface Curvature {
  readonly examples: number
  readonly method: CurvatureSettings['method']
  readonly batchSize: number
  readonly loss: number
  /** g of the loss, without weight decay. // [parameter] */
  readonly gradient: Float32Array
  /** ‖g + λθ‖ */
  readonly gradientNorm: number
  readonly eigenpairs: Eigenpairs | LanczosEigenpairs
  readonly trace: Estimate
  readonly density: SpectralDensity
  readonly noise: {
    /** tr Σ of one example's gradient. */
    readonly trace: Estimate
    /** qᵀΣq // [mode] */
    readonly modes: readonly Estimate[]
    /** tr Σ / tr H: σ² if Σ = σ²H. */
    readonly varianceOverCurvature: Estimate
    /** qᵀΣq / ρ in units of the former: 1 if Σ = σ²H. Errors of numerator and unit are taken as independent. // [mode] */
    readonly alignment: readonly Estimate[]
  }
  /** q·(μ − θ) of the stationary mean, NaN where ρ + λ ≤ 0. // [mode] */
  readonly minimum: Float64Array
}

/** A product gains nothing from more examples at a time, and wasm's heap never shrinks. */
const LONGEST_BATCH = 1024

/** Where a measurement stands: what is finished, and the part being worked on. */
export interface CurvatureState {
  pairs: SubspaceIterationState | LanczosEigenpairsState | undefined
  found: Eigenpairs | LanczosEigenpairs | undefined
  trace: TraceState
  density: SpectralDensityState
}

/**
 * Measures what the theory asks of a network: top of the spectrum, trace, density, gradient noise and its alignment, and
 * where the stationary mean lies. Deterministic given the seed, on one backend, version and processor.
 *
 * Costs count·iterations + traceProbes + densityProbes·densitySteps Hessian-vector products over the dataset at most, a
 * gradient over it, and noiseBatches gradients.
 *
 * @param control told of every product; the gradient and the noise, cheap beside these, are computed again on resuming
 * @throws RangeError for settings that the network or dataset are too small for, a network of which not one example's
 * product fits into memory, or a loss whose derivatives are not finite
 */
export async function measureCurvature(
  problem: CurvatureProblem,
  settings: CurvatureSettings,
  control: Control<CurvatureState> = {},
): Promise<Curvature> {
  const { objective, parameters, source, weightDecay } = problem
  const { signal } = control
  const { exampleCount } = source
  const noiseBatches = Math.min(settings.noiseBatches, Math.floor(exampleCount / settings.noiseBatchSize))
  if (noiseBatches < 2) {
    throw new RangeError(
      `measureCurvature: noiseBatchSize must be at most half of the ${exampleCount} examples, got ${settings.noiseBatchSize}`,
    )
  }
  const batchSize = settings.batchSize ?? Math.min(exampleCount, LONGEST_BATCH, largestMicroBatch(objective))
  const batches = (): ReturnType<typeof tensorBatches> => tensorBatches(source, batchSize)

  const { loss, gradient } = await fullGradient(objective, parameters, until(signal, batches()))
  const theta = vectorOf(await downloadParameters(objective.model, parameters))
  const slope = gradient.map((value, i) => value + weightDecay * theta[i]!)

  const operator = hessianOperator(objective, parameters, batches, signal)
  const { eigenpairs, trace, density } = await spectrumOf(operator, settings, control)

  const choices = randomBatches(exampleCount, settings.noiseBatchSize, noiseBatches, settings.seed)
  const noise = await gradientNoise(
    batchGradients(objective, parameters, until(signal, chosenBatches(source, choices))),
    { exampleCount, batchSize: settings.noiseBatchSize, modes: eigenpairs.eigenvectors, centre: gradient },
  )
  const varianceOverCurvature = ratio(noise.trace, trace)
  return {
    examples: exampleCount,
    method: settings.method,
    batchSize,
    loss,
    gradient,
    gradientNorm: Math.sqrt(innerProductInDoubles([slope], [slope])),
    eigenpairs,
    trace,
    density,
    noise: {
      trace: noise.trace,
      modes: noise.modes,
      varianceOverCurvature,
      alignment: noise.modes.map(({ value, standardError }, l) => {
        const rho = eigenpairs.eigenvalues[l]!
        return ratio({ value: value / rho, standardError: standardError / Math.abs(rho) }, varianceOverCurvature)
      }),
    },
    minimum: stationaryMeanCoordinates(eigenpairs, gradient, theta, weightDecay),
  }
}

/** The parts of a network's report that a measurement fills. */
export function curvatureReport(curvature: Curvature): Pick<NetworkReport, 'curvature' | 'noise'> {
  const { examples, method, eigenpairs, trace, density, noise } = curvature
  return {
    curvature: {
      examples,
      method,
      eigenvalues: [...eigenpairs.eigenvalues],
      residuals: [...eigenpairs.residuals],
      converged: [...eigenpairs.converged],
      trace,
      density: { nodes: [...density.nodes], counts: [...density.counts] },
    },
    noise: {
      trace: noise.trace,
      variance: noise.varianceOverCurvature,
      alignment: noise.alignment.map(({ value }) => value),
    },
  }
}

async function spectrumOf(
  operator: HessianOperator,
  settings: CurvatureSettings,
  { from, onProgress, signal }: Control<CurvatureState>,
): Promise<Pick<Curvature, 'eigenpairs' | 'trace' | 'density'>> {
  const { method, count, iterations, tolerance, traceProbes, densityProbes, densitySteps, seed } = settings
  const state: CurvatureState = from ?? {
    pairs: undefined,
    found: undefined,
    trace: { quadraticForms: [] },
    density: { nodes: [], counts: [], firstMoments: [], secondMoments: [], current: undefined },
  }
  const maxProducts = count * iterations
  const total = maxProducts + traceProbes + densityProbes * densitySteps
  const tell =
    (before: number) =>
    (done: number): void | Promise<void> =>
      onProgress?.(before + done, total, state)

  if (state.found === undefined) {
    const onProgressOfPairs = (
      done: number,
      _: number,
      pairs: NonNullable<CurvatureState['pairs']>,
    ): void | Promise<void> => {
      state.pairs = pairs
      return tell(0)(done)
    }
    const common = { count, tolerance, seed }
    state.found =
      method === 'lanczos'
        ? await lanczosEigenpairs(
            operator,
            { ...common, maxProducts, basisSize: Math.max(2 * count, count + 20) },
            { from: state.pairs as LanczosEigenpairsState | undefined, onProgress: onProgressOfPairs, signal },
          )
        : await subspaceIteration(
            operator,
            { ...common, iterations },
            { from: state.pairs as SubspaceIterationState | undefined, onProgress: onProgressOfPairs, signal },
          )
    state.pairs = undefined
  }
  const deflated = state.found
  const trace = await hutchinsonTrace(
    operator,
    { probes: traceProbes, seed, deflated },
    { from: state.trace, onProgress: tell(maxProducts), signal },
  )
  const density = await spectralDensity(
    operator,
    { probes: densityProbes, steps: densitySteps, seed, deflated },
    { from: state.density, onProgress: tell(maxProducts + traceProbes), signal },
  )
  return { eigenpairs: state.found, trace, density }
}

/** Disjoint random batches, each in ascending order, so that files are read forwards. */
function randomBatches(exampleCount: number, batchSize: number, batches: number, seed: number): Uint32Array[] {
  const order = new Uint32Array(exampleCount)
  permute(order, curvatureStream(seed, 'noise', 0))
  return Array.from({ length: batches }, (_, b) => order.slice(b * batchSize, (b + 1) * batchSize).sort())
}

/** a/b, the errors taken as independent. */
function ratio(a: Estimate, b: Estimate): Estimate {
  const value = a.value / b.value
  return { value, standardError: Math.hypot(a.standardError, value * b.standardError) / Math.abs(b.value) }
}
