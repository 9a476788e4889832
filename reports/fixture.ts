/**
 * A report made by hand, for the tests of this folder: a damped oscillator per mode with made-up measurements scattered
 * about its exact discrete moments. It has every case that a report can have, and no claim to be true.
 */
import type { Claim, Comparison, ErrorBudget, Report, Run, Verdict } from '../foundation/results.ts'

const schemes = ['gaussian', 'with-replacement', 'without-replacement', 'shuffled-epochs'] as const
type Sampling = (typeof schemes)[number]

const eta = 0.02
const beta = 0.9
const batchSize = 32
const sigma2 = 0.4
const eigenvalues = [4.231, 2.108, 1.342, 0.7312, 0.2914, 0.1087, 0.03121, 0.008914]
const exactTheory: Record<Sampling, string> = {
  gaussian: 'discrete',
  'with-replacement': 'minibatch-with',
  'without-replacement': 'minibatch-without',
  'shuffled-epochs': 'shuffled',
}
/** How much more noise a mini-batch scheme has than Assumption 3 says. */
const noiseFactor: Record<Sampling, number> = {
  gaussian: 1,
  'with-replacement': 1.463,
  'without-replacement': 1.438,
  'shuffled-epochs': 0.7,
}

function normals(seed: number): () => number {
  let state = seed >>> 0
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state + 0.5) / 2 ** 32
  }
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
}

const discreteDenominator = (rho: number): number => 2 * (1 + beta) - eta * rho
const discreteX = (rho: number): number =>
  (eta * (1 + beta) * sigma2) / (batchSize * (1 - beta) * discreteDenominator(rho))
const discreteV = (rho: number): number => (2 * sigma2 * rho) / (batchSize * (1 - beta) * discreteDenominator(rho))
const langevinX = (): number => (eta * sigma2) / (2 * batchSize * (1 - beta))
const langevinV = (rho: number): number => (sigma2 * rho) / (batchSize * (1 - beta ** 2))
/** Modes slower than an epoch lose their position variance under shuffling. */
const shuffledX = (rho: number): number => discreteX(rho) / (1 + 0.15 / rho)
const shuffledV = (rho: number): number => discreteV(rho) / (1.4 + 0.08 / Math.sqrt(rho))

const exactX = (sampling: Sampling, rho: number): number =>
  sampling === 'shuffled-epochs' ? shuffledX(rho) : noiseFactor[sampling] * discreteX(rho)
const exactV = (sampling: Sampling, rho: number): number =>
  sampling === 'shuffled-epochs' ? shuffledV(rho) : noiseFactor[sampling] * discreteV(rho)

/** Mean of x_k, v_k from (x0, 0), exact in discrete time. */
function discreteMean(rho: number, start: number, steps: readonly number[]): { x: number[]; v: number[] } {
  const wanted = new Set(steps)
  const [xs, vs]: [number[], number[]] = [[], []]
  let [x, v] = [start, 0]
  for (let k = 0; k <= steps.at(-1)!; k++) {
    if (wanted.has(k)) {
      xs.push(x)
      vs.push(v)
    }
    v = beta * v - rho * x
    x += eta * v
  }
  return { x: xs, v: vs }
}

/** The same from eq. 9. */
function langevinMean(rho: number, start: number, steps: readonly number[]): { x: number[]; v: number[] } {
  const gamma = (1 - beta) / (eta * (1 + beta))
  const omega2 = (2 * rho) / (eta * (1 + beta))
  const alpha = Math.sqrt(Math.abs(gamma ** 2 - omega2))
  const over = gamma ** 2 > omega2
  const at = steps.map((k) => {
    const t = eta * k
    const c = over ? Math.cosh(alpha * t) : Math.cos(alpha * t)
    const s = (over ? Math.sinh(alpha * t) : Math.sin(alpha * t)) / alpha
    const decay = Math.exp(-gamma * t)
    return { x: decay * (c + gamma * s) * start, v: 0 - decay * omega2 * s * start }
  })
  return { x: at.map((p) => p.x), v: at.map((p) => p.v) }
}

function dampingRatio(rho: number): number {
  return (1 - beta) / Math.sqrt(2 * eta * (1 + beta) * rho)
}

function relaxationSteps(rho: number): number {
  return dampingRatio(rho) < 1 ? (2 * (1 + beta)) / (1 - beta) : (1 - beta) / (eta * rho)
}

function meanCurves(): Report['meanCurves'] {
  const steps = [0, ...Array.from({ length: 120 }, (_, i) => 2 * (i + 1))]
  return schemes.flatMap((sampling, s) =>
    [1, 3, 6].map((mode) => {
      const rho = eigenvalues[mode - 1]!
      const start = 20 * Math.sqrt(discreteX(rho))
      const [exact, sde] = [discreteMean(rho, start, steps), langevinMean(rho, start, steps)]
      const normal = normals(17 * mode + s)
      const errorX = steps.map((k) => (k === 0 ? 0 : 0.35 * Math.sqrt(exactX(sampling, rho))))
      const errorV = steps.map((k) => (k === 0 ? 0 : 0.35 * Math.sqrt(exactV(sampling, rho))))
      return {
        sampling,
        mode,
        eigenvalue: rho,
        dampingRatio: dampingRatio(rho),
        replicas: 256,
        steps,
        position: exact.x.map((x, i) => x + errorX[i]! * normal()),
        positionStandardError: errorX,
        velocity: exact.v.map((v, i) => v + errorV[i]! * normal()),
        velocityStandardError: errorV,
        predictedPosition: [
          { theory: 'langevin', values: sde.x },
          { theory: 'discrete', values: exact.x },
        ],
        predictedVelocity: [
          { theory: 'langevin', values: sde.v },
          { theory: 'discrete', values: exact.v },
        ],
      }
    }),
  )
}

/** E‖Δ_t‖² = Σ 2 P_xx (1 − [M^t]_xx − [M^t]_xv P_xv / P_xx). */
function displacement(variance: (rho: number) => number, steps: readonly number[]): number[] {
  const total = steps.map(() => 0)
  for (const rho of eigenvalues) {
    const pxx = variance(rho)
    const pxv = (pxx * rho) / (1 + beta)
    const mean = discreteMean(rho, pxx, steps).x
    const push = discreteMean(rho, 0, steps).x.map((_, i) => {
      let [x, v] = [0, pxv]
      for (let k = 0; k < steps[i]!; k++) {
        v = beta * v - rho * x
        x += eta * v
      }
      return x
    })
    for (let i = 0; i < steps.length; i++) total[i]! += 2 * (pxx - mean[i]! - push[i]!)
  }
  return total
}

function slope(steps: readonly number[], values: readonly number[]): number {
  const [x, y] = [steps.map(Math.log), values.map(Math.log)]
  const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length
  const [mx, my] = [mean(x), mean(y)]
  return x.reduce((a, xi, i) => a + (xi - mx) * (y[i]! - my), 0) / x.reduce((a, xi) => a + (xi - mx) ** 2, 0)
}

function displacementCurves(): Report['displacementCurves'] {
  const steps = [1, 2, 3, 5, 8, 13, 20, 32, 50, 79, 126, 200, 316, 501, 794, 1000]
  return schemes.map((sampling, s) => {
    const exact = displacement((rho) => exactX(sampling, rho), steps)
    const langevin = displacement(langevinX, steps).map((d, i) => d * (1 - 0.4 * Math.exp(-steps[i]! / 4)))
    const printed = langevin.map((d, i) => d * (1 + steps[i]! / 120))
    const normal = normals(91 + s)
    const measured = exact.map((d) => d * (1 + 0.004 * normal()))
    const predicted = [
      { theory: exactTheory[sampling], values: exact },
      { theory: 'langevin', values: langevin },
      { theory: 'equation-19', values: printed },
    ]
    return {
      sampling,
      steps,
      measured,
      standardError: exact.map((d) => 0.004 * d),
      predicted,
      measuredExponent: slope(steps, measured),
      predictedExponents: predicted.map(({ theory, values }) => ({ theory, exponent: slope(steps, values) })),
    }
  })
}

function varianceCurves(): Report['varianceCurves'] {
  const stepsPerReplica = 2_000
  return schemes.map((sampling, s) => {
    const normal = normals(7 + s)
    const relative = eigenvalues.map((rho) => Math.sqrt((2 * relaxationSteps(rho)) / stepsPerReplica / 64))
    const around = (exact: (sampling: Sampling, rho: number) => number): number[] =>
      eigenvalues.map((rho, l) => {
        const unrelaxed = relaxationSteps(rho) > stepsPerReplica / 20 ? 0.55 : 1
        return unrelaxed * exact(sampling, rho) * (1 + relative[l]! * normal())
      })
    return {
      sampling,
      eigenvalues,
      relaxationSteps: eigenvalues.map(relaxationSteps),
      stepsPerReplica,
      position: around(exactX),
      positionStandardError: eigenvalues.map((rho, l) => exactX(sampling, rho) * relative[l]!),
      velocity: around(exactV),
      velocityStandardError: eigenvalues.map((rho, l) => exactV(sampling, rho) * relative[l]!),
      predictedPosition: [
        { theory: exactTheory[sampling], values: eigenvalues.map((rho) => exactX(sampling, rho)) },
        { theory: 'langevin', values: eigenvalues.map(langevinX) },
      ],
      predictedVelocity: [
        { theory: exactTheory[sampling], values: eigenvalues.map((rho) => exactV(sampling, rho)) },
        { theory: 'langevin', values: eigenvalues.map(langevinV) },
      ],
    }
  })
}

const speedOf = (variance: (rho: number) => number): number =>
  eta ** 2 * eigenvalues.reduce((sum, rho) => sum + variance(rho), 0)
const langevinSpeed = speedOf(langevinV)
const discreteSpeed = speedOf(discreteV)
const firstOrderSpeed = langevinSpeed * ((1 + beta) / (1 - beta)) * 0.93

/** From the paper's theory to the measurement, one assumption less at each row. */
function budget(sampling: Sampling, quantity: string, langevin: number, discrete: number, exact: number): ErrorBudget {
  const measured = { name: 'measured', value: exact * 1.0012, halfWidth: exact * 0.0061 }
  const rows = [
    { name: 'langevin', value: langevin },
    { name: 'discrete', value: discrete },
    ...(sampling === 'gaussian' ? [] : [{ name: exactTheory[sampling], value: exact }]),
    measured,
  ]
  return {
    sampling,
    quantity,
    rows: rows.map((row, i) => ({
      ...row,
      percentOfFirst: (100 * row.value) / langevin,
      stepPercent: i === 0 ? 0 : 100 * (row.value / rows[i - 1]!.value - 1),
    })),
  }
}

function errorBudget(): ErrorBudget[] {
  return schemes.flatMap((sampling) => {
    const speed = speedOf((rho) => exactV(sampling, rho))
    const rho = eigenvalues[0]!
    return [
      budget(sampling, 'constant-speed: all modes', langevinSpeed, discreteSpeed, speed),
      budget(sampling, 'isotropy: mode 1', langevinX(), discreteX(rho), exactX(sampling, rho)),
    ]
  })
}

const [alphaPerClaim, falsePassRate] = [3.1e-8, 1e-3]
const [zAlpha, zPhi] = [5.6, 3.1]

interface Sketch {
  hypothesis: string
  claim: string
  source: string
  quantity: string
  scale: 'log' | 'linear'
  margin: number
  marginReason: string
  required?: [theory: string, prediction: number]
  others?: [theory: string, role: 'compared' | 'rival', prediction: number, separable?: boolean][]
  /** measured: where it lies from the reference prediction, and its standard error, both in the margin's units */
  offset: number
  error: number
  notAnswerable?: { reason: string; stepsNeeded?: number }
}

function sketched(sampling: Sampling, sketch: Sketch): Claim {
  const { hypothesis, quantity, scale, margin, required, others = [], offset, error } = sketch
  const reference = required?.[1] ?? others[0]![2]
  const at = (difference: number): number => (scale === 'log' ? reference * (1 + difference) : reference + difference)
  const differ = (value: number, prediction: number): number =>
    scale === 'log' ? value / prediction - 1 : value - prediction
  const estimate = at(offset)
  const confidence: [number, number] = [at(offset - zAlpha * error), at(offset + zAlpha * error)]
  const equivalence: [number, number] = [at(offset - zPhi * error), at(offset + zPhi * error)]
  const judged = (prediction: number): Verdict => {
    if (sketch.notAnswerable) return 'not-answerable'
    const [low, high] = confidence.map((value) => differ(value, prediction)) as [number, number]
    if (low > margin || high < -margin) return 'disagrees'
    const inside = equivalence.every((value) => Math.abs(differ(value, prediction)) <= margin)
    return inside ? 'agrees' : 'inconclusive'
  }
  const compare = (
    theory: string,
    role: Comparison['role'],
    prediction: number,
    separable: boolean | undefined,
  ): Comparison => ({
    theory,
    role,
    prediction,
    verdict: judged(prediction),
    ...(sketch.notAnswerable
      ? {}
      : {
          difference: differ(estimate, prediction),
          differenceInterval: [differ(confidence[0], prediction), differ(confidence[1], prediction)] as [
            number,
            number,
          ],
        }),
    ...(role === 'rival'
      ? {
          separable: separable ?? true,
          distance: scale === 'log' ? Math.abs(Math.log(prediction / reference)) : Math.abs(prediction - reference),
        }
      : {}),
  })
  const comparisons = [
    ...(required ? [compare(required[0], 'required', required[1], undefined)] : []),
    ...others.map(([theory, role, prediction, separable]) => compare(theory, role, prediction, separable)),
  ]
  const id = `${hypothesis}/${sampling}/${quantity}`
  return {
    id,
    hypothesis,
    claim: sketch.claim,
    source: sketch.source,
    sampling,
    quantity,
    scale,
    margin,
    marginReason: sketch.marginReason,
    answerable: !sketch.notAnswerable,
    ...(sketch.notAnswerable ? { reason: sketch.notAnswerable.reason } : {}),
    stepsBudget: 20_000_000,
    ...(sketch.notAnswerable
      ? sketch.notAnswerable.stepsNeeded
        ? { stepsNeeded: sketch.notAnswerable.stepsNeeded }
        : {}
      : { stepsNeeded: 7_340_032 }),
    stepsUsed: sketch.notAnswerable ? 0 : 10_485_760,
    ...(sketch.notAnswerable ? {} : { smallestDetectable: margin / 2.3 }),
    looks: sketch.notAnswerable
      ? []
      : [
          {
            replicas: 512,
            alpha: alphaPerClaim / 2,
            phi: falsePassRate / 2,
            estimate,
            standardError: error * (scale === 'log' ? reference : 1),
            confidenceInterval: confidence,
            equivalenceInterval: equivalence,
          },
        ],
    comparisons,
    ...(required ? { verdict: comparisons[0]!.verdict } : {}),
    replay: `npx sgd-oracle verify california-housing.csv --target MedHouseVal --seed 7 --only "${id}"`,
  }
}

function claims(): Claim[] {
  return schemes.flatMap((sampling): Claim[] => {
    const theory = exactTheory[sampling]
    const speed = speedOf((rho) => exactV(sampling, rho))
    const energyMargin = 'twice the O(η) error that a second-order scheme would leave at this learning rate'
    const equipartition = {
      hypothesis: 'equipartition',
      claim: 'Within each mode the potential and the kinetic energy of SGD are equal at any learning rate.',
      source: 'exact discrete theory; paper, appendix G.3',
      scale: 'log' as const,
      margin: 0.05,
      marginReason: energyMargin,
    }
    const reason = 'mode 8 relaxes in 560.9 steps; 100 relaxations do not fit into a replica of 2,000 steps'
    const energyRivals: Sketch['others'] = [['first-order', 'rival', 0.1]]
    const exactSteps = displacement((rho) => exactX(sampling, rho), [100, 1000])
    const list: Sketch[] = [
      {
        hypothesis: 'constant-speed',
        claim: 'At stationarity SGD moves at a constant mean squared speed E‖δ‖², set by η, S, β and the spectrum.',
        source: 'paper, eq. 18; exactly in discrete time',
        quantity: 'all modes',
        scale: 'log',
        margin: 0.02,
        marginReason: 'a third of the distance between eq. 18 and the exact discrete moments',
        required: [theory, speed],
        others: [
          ['langevin', 'compared', langevinSpeed],
          ['first-order', 'rival', firstOrderSpeed],
          ...(theory === 'minibatch-with'
            ? []
            : ([['minibatch-with', 'rival', discreteSpeed * noiseFactor['with-replacement']]] as const)),
          ['equation-19', 'rival', speed * 1.012, false],
        ] as Sketch['others'] & object,
        offset: 0.0012,
        error: 0.0011,
      },
      ...(sampling === 'shuffled-epochs'
        ? []
        : ([
            {
              ...equipartition,
              quantity: 'modes 1–3',
              required: [theory, 1],
              others: energyRivals,
              offset: -0.004,
              error: 0.006,
            },
            {
              ...equipartition,
              quantity: 'modes 4–6',
              required: [theory, 1],
              others: energyRivals,
              offset: sampling === 'gaussian' ? 0.031 : 0.011,
              error: 0.0102,
            },
            {
              ...equipartition,
              quantity: 'modes 7–8',
              required: [theory, 1],
              others: energyRivals,
              offset: 0,
              error: 1,
              notAnswerable: { reason, stepsNeeded: 3.6e9 },
            },
          ] satisfies Sketch[])),
      {
        hypothesis: 'anomalous-diffusion',
        claim: 'The mean squared displacement E‖Δ_t‖² follows the two-time covariance of the process.',
        source: 'paper, eq. 19 | exact discrete theory',
        quantity: '100 steps',
        scale: 'log',
        margin: 0.03,
        marginReason: 'a tenth of what eq. 19 as printed adds at 100 steps',
        required: [theory, exactSteps[0]!],
        others: [
          ['langevin', 'compared', exactSteps[0]! * 0.94],
          ['equation-19', 'rival', exactSteps[0]! * 1.83],
        ],
        offset: 0.0031,
        error: 0.004,
      },
      {
        hypothesis: 'anomalous-diffusion',
        claim: 'The mean squared displacement E‖Δ_t‖² follows the two-time covariance of the process.',
        source: 'paper, eq. 19 | exact discrete theory',
        quantity: '1,000 steps',
        scale: 'log',
        margin: 0.03,
        marginReason: 'a tenth of what eq. 19 as printed adds at 100 steps',
        required: [theory, exactSteps[1]!],
        others: [['equation-19', 'rival', exactSteps[1]! * 8.2]],
        offset: sampling === 'shuffled-epochs' ? 0.214 : -0.002,
        error: 0.004,
      },
      {
        hypothesis: 'isotropy',
        claim: 'Without weight decay the stationary position variance is the same in every mode.',
        source: 'paper, sec. 6',
        quantity: 'slope of log variance on log eigenvalue, modes 1–6',
        scale: 'linear',
        margin: 0.05,
        marginReason: 'one twentieth of the slope −1 of the original loss',
        ...(sampling === 'shuffled-epochs'
          ? { others: [['langevin', 'compared', 0] as [string, 'compared', number]], offset: 0.41, error: 0.004 }
          : {
              required: [theory, 0.0034] as [string, number],
              others: [['original-loss', 'rival', -1] as [string, 'rival', number]],
              offset: 0.0021,
              error: 0.0062,
            }),
      },
      {
        hypothesis: 'isotropy',
        claim: 'Without weight decay the stationary position variance is the same in every mode.',
        source: 'paper, sec. 6',
        quantity: 'ratio of modes 1 and 8',
        scale: 'log',
        margin: 0.05,
        marginReason: 'as above',
        ...(sampling === 'shuffled-epochs'
          ? { others: [['langevin', 'compared', 1] as [string, 'compared', number]] }
          : { required: [theory, 1] as [string, number] }),
        offset: 0,
        error: 1,
        notAnswerable: {
          reason: 'heavy tails: the learning rate is above half of the mean-square limit',
        },
      },
    ]
    return list.map((sketch) => sketched(sampling, sketch))
  })
}

/** Every case that a report can have. */
export function fixtureReport(): Report {
  const list = claims()
  const count = (role: Comparison['role'], verdict: Verdict): number =>
    list.flatMap((claim) => claim.comparisons).filter((c) => c.role === role && c.verdict === verdict).length
  const counts = (role: Comparison['role']): Report['summary']['required'] => ({
    agrees: count(role, 'agrees'),
    disagrees: count(role, 'disagrees'),
    inconclusive: count(role, 'inconclusive'),
    notAnswerable: count(role, 'not-answerable'),
  })
  const rivals = list
    .filter((claim) => claim.answerable)
    .flatMap((claim) => claim.comparisons.filter((c) => c.role === 'rival'))
  const separable = rivals.filter((rival) => rival.separable)
  return {
    schemaVersion: 1,
    program: { name: 'sgd-oracle', version: '0.1.0' },
    command: 'npx sgd-oracle verify california-housing.csv --target MedHouseVal --seed 7',
    seed: 7,
    dataset: {
      name: 'california-housing',
      examples: 20640,
      features: 9,
      outputs: 1,
      droppedColumns: ['ocean_proximity', 'id|row'],
      nullModes: 1,
      standardized: true,
      centered: true,
      oneHot: false,
    },
    hyperparameters: {
      learningRate: eta,
      momentum: beta,
      weightDecay: 0,
      batchSize,
      learningRateReason: 'a quarter of the mean-square limit of sampling with replacement',
    },
    limits: { mean: 0.8981, meanSquare: { withReplacement: 0.0812, withoutReplacement: 0.0816 } },
    spectrum: {
      eigenvalues,
      dampingRatio: eigenvalues.map(dampingRatio),
      noiseVariance: sigma2,
      noiseVarianceAtMinimum: eigenvalues.map((_, l) => sigma2 * (1.2 + 0.1 * l)),
    },
    ledger: { falseAlarmRate: 1e-6, falsePassRate, claims: 32, alphaPerClaim, looks: 4 },
    theories: [
      { name: 'langevin', title: 'Langevin process', source: 'paper, eqs. 5–11, 18' },
      { name: 'discrete', title: 'exact discrete moments, Σ = σ²H', source: 'exact discrete theory' },
      {
        name: 'minibatch-with',
        title: 'exact mini-batch moments, with replacement',
        source: 'exact discrete theory',
      },
      {
        name: 'minibatch-without',
        title: 'exact mini-batch moments, without replacement',
        source: 'exact discrete theory',
      },
      { name: 'shuffled', title: 'shuffled epochs, additive noise', source: 'exact discrete theory' },
      { name: 'first-order', title: 'first-order SDE', source: 'Mandt et al. 2016' },
      { name: 'equation-19', title: 'eq. 19 as printed', source: 'paper, eq. 19' },
      { name: 'original-loss', title: 'Gibbs of the original loss', source: 'exact discrete theory' },
    ],
    summary: {
      required: counts('required'),
      compared: counts('compared'),
      rivals: {
        rejected: separable.filter((rival) => rival.verdict === 'disagrees').length,
        survived: separable.filter((rival) => rival.verdict !== 'disagrees').length,
        survivedCompared: 0,
        inseparable: rivals.length - separable.length,
      },
      passed: false,
    },
    claims: list,
    errata: [
      {
        id: 3,
        where: 'sec. 8',
        title: 'Overdamped velocity correlations do not remain positive',
        kind: 'error',
        printed: 'C > 0 | ζ > 1',
        corrected: 'C < 0 for αt > artanh(α/γ)',
        counterexample: {
          setting: 'γ = 1, ω = 0.5',
          quantity: 'C(5)',
          printed: 0,
          corrected: -0.03949,
          truth: -0.03949,
          truthBy: 'Runge–Kutta',
          tolerance: 1e-9,
        },
      },
    ],
    errorBudget: errorBudget(),
    meanCurves: meanCurves(),
    displacementCurves: displacementCurves(),
    varianceCurves: varianceCurves(),
  }
}

/** The run that goes with it. */
export function fixtureRun(): Run {
  return {
    schemaVersion: 1,
    startedAt: '2025-01-01T00:00:00.000Z',
    seconds: 83.4,
    node: 'v20.20.2',
    platform: 'linux x64',
    cpu: 'made up',
    cores: 2,
    workers: 2,
    peakMemoryMegabytes: 312,
    schemes: schemes.map((sampling) => ({ sampling, seconds: 20.8, steps: 10_485_760 })),
  }
}
