import type { Report } from '../../foundation/results.ts'
import type { SingleRun } from '../../foundation/single-run.ts'
import { counted } from '../markdown-text.ts'
import { samplingNames } from '../names.ts'
import { formatCount, formatSetting } from '../numbers.ts'
import type { Grid } from './contours.ts'
import { exponentLengthFigure } from './exponent-length.ts'
import type { Figure } from './figure.ts'
import { type ModeLaw, modeLaw, type RunHyperparameters, spreadOf, stepsPerTurn } from './mode-law.ts'
import { oscillationFigure } from './oscillation.ts'
import type { Path } from './path.ts'
import { phasePlaneFigure } from './phase-plane.ts'
import { squareDomains } from './plane.ts'
import { positionPlaneFigure } from './position-plane.ts'
import { reach } from './rings.ts'
import { runDisplacementFigure } from './run-displacement.ts'
import type { Interval } from './style.ts'
import { fitText } from './text-width.ts'
import { velocityPlaneFigure } from './velocity-plane.ts'

type Mode = SingleRun['modes'][number]

/** What the figures of a run need of its report. */
interface Followed {
  readonly report: Report
  readonly run: SingleRun
  readonly hyperparameters: RunHyperparameters
  readonly shortLabel: string
  readonly label: string
  /** Which output positions and velocities are of, where there are several. */
  readonly ofOutput: string
}

const gridPoints = 33
/** Of one of two beside each other. */
const velocityPanelWidth = 340

/** The paper's Figures 1, 4–6, 8 and 9 of the run that a report follows; none where it follows none. */
export function singleRunFigures(report: Report): Figure[] {
  const run = report.singleRun
  const { batchSize } = report.hyperparameters
  if (run === undefined || batchSize === undefined) return []
  const { learningRate, momentum, weightDecay } = report.hyperparameters
  const { outputs } = report.dataset
  const shortLabel = `one run ${samplingNames[run.sampling]}`
  const followed: Followed = {
    report,
    run,
    hyperparameters: { learningRate, momentum, weightDecay, batchSize },
    shortLabel,
    label: `${shortLabel}, η = ${formatSetting(learningRate)}`,
    ofOutput: outputs === 1 ? '' : `; output ${run.output} of ${outputs}`,
  }
  return [
    displacement(followed),
    exponents(followed),
    positions(followed),
    velocities(followed),
    phasePlanes(followed),
    oscillation(followed),
  ].filter((figure) => figure !== undefined)
}

function displacement({ report, run, label }: Followed): Figure | undefined {
  const { localDisplacement, globalDisplacement, exponents } = run
  const last = exponents.lengths.length - 1
  const to = exponents.lengths[last]
  if (to === undefined) return undefined
  return runDisplacementFigure(report, [
    {
      label: `${label}, ${formatCount(run.steps)} steps`,
      localDisplacement: {
        ...localDisplacement,
        steps: localDisplacement.values.map((_, block) => (block + 1) * localDisplacement.blockLength),
      },
      globalDisplacement: {
        ...globalDisplacement,
        fit: {
          from: globalDisplacement.steps[0]!,
          to,
          exponent: exponents.measured[last]!,
          prefactor: exponents.prefactors[last]!,
        },
        predictedExponents: exponents.predicted.map(({ theory, values, low, high }) => ({
          theory,
          value: values[last]!,
          low: low?.[last],
          high: high?.[last],
        })),
      },
    },
  ])
}

function exponents({ report, run, label }: Followed): Figure | undefined {
  if (run.exponents.lengths.length === 0) return undefined
  return exponentLengthFigure(report, [
    { label: `${label}, ${formatCount(run.steps)} steps`, curve: run.globalDisplacement, ...run.exponents },
  ])
}

/** Of the steepest and the flattest of the modes drawn. */
function positions(followed: Followed): Figure | undefined {
  const drawn = pathsOf(followed)
  const [first, last] = [drawn[0], drawn.at(-1)]
  if (first === undefined || last === undefined || first === last) return undefined
  const stationary = spreadOf(first.law.position, last.law.position)
  const path = pathOf(followed, first, last, 'position')
  const domains = squareDomains([...path.x, ...reach(stationary, 0)], [...path.y, ...reach(stationary, 1)])
  const { label, ofOutput, run } = followed
  return positionPlaneFigure('position-plane', {
    label: `${label}, ${formatCount(run.steps)} steps${ofOutput}`,
    modes: [first.mode, last.mode],
    eigenvalues: [first.eigenvalue, last.eigenvalue],
    path,
    losses: [{ name: 'training loss above that at μ', grid: lossGrid(domains, first, last) }],
    stationary,
  })
}

/** A panel for each mode drawn, against the steepest. */
function velocities(followed: Followed): Figure | undefined {
  const [first, ...others] = pathsOf(followed)
  if (first === undefined) return undefined
  return velocityPlaneFigure(
    'velocity-plane',
    others.map((other) => ({
      label: fitText(`${followed.shortLabel}${followed.ofOutput}`, 12, velocityPanelWidth),
      modes: [first.mode, other.mode],
      eigenvalues: [first.eigenvalue, other.eigenvalue],
      path: pathOf(followed, first, other, 'velocity'),
      stationary: spreadOf(first.law.velocity, other.law.velocity),
    })),
  )
}

function phasePlanes(followed: Followed): Figure | undefined {
  const { run, hyperparameters, label, ofOutput } = followed
  return phasePlaneFigure(
    'phase-plane',
    `${label}${ofOutput}`,
    run.modes.flatMap(({ mode, trajectory }) => {
      if (trajectory === undefined) return []
      const eigenvalue = eigenvalueOf(followed, mode)
      const turn = stepsPerTurn(hyperparameters, eigenvalue)
      const { position, velocity } = lawOf(followed, mode)
      return [
        {
          mode,
          eigenvalue,
          ...(turn === undefined ? {} : { turn }),
          path: {
            steps: trajectory.position.map((_, row) => row * trajectory.every),
            x: trajectory.position,
            y: trajectory.velocity,
          },
          stationary: spreadOf(position, velocity),
        },
      ]
    }),
  )
}

function oscillation(followed: Followed): Figure | undefined {
  const { report, run, label, ofOutput } = followed
  const { count, length } = run.records
  return oscillationFigure(
    'oscillation',
    `${label}, means over ${counted(count, 'record')} of ${formatCount(length)} steps${ofOutput}`,
    report,
    run.modes.map(({ mode, frequency, spectrum }) => ({
      mode,
      eigenvalue: eigenvalueOf(followed, mode),
      frequency,
      spectrum,
    })),
  )
}

/** A mode that is drawn over the whole run. */
interface DrawnMode {
  readonly mode: number
  readonly eigenvalue: number
  readonly law: ModeLaw
  readonly path: NonNullable<Mode['path']>
  readonly lossSlope: number
}

function pathsOf(followed: Followed): DrawnMode[] {
  return followed.run.modes.flatMap(({ mode, path, lossSlope }) =>
    path === undefined
      ? []
      : [{ mode, eigenvalue: eigenvalueOf(followed, mode), law: lawOf(followed, mode), path, lossSlope }],
  )
}

/** Positions are told from μ. */
function lawOf(followed: Followed, mode: number): ModeLaw {
  return modeLaw(followed.hyperparameters, eigenvalueOf(followed, mode), followed.run.noiseVariance, 0)
}

function eigenvalueOf({ report }: Followed, mode: number): number {
  return report.spectrum.eigenvalues[mode - 1]!
}

function pathOf({ run }: Followed, first: DrawnMode, second: DrawnMode, coordinate: 'position' | 'velocity'): Path {
  const x = first.path[coordinate]
  return { steps: x.map((_, row) => row * run.pathEvery), x, y: second.path[coordinate] }
}

/** L(θ) − L(μ) in the plane through μ, without weight decay: slope·x + ρx²/2 along each axis. */
function lossGrid(domains: { readonly x: Interval; readonly y: Interval }, first: DrawnMode, second: DrawnMode): Grid {
  const [x, y] = [between(domains.x), between(domains.y)]
  const along = ({ lossSlope, eigenvalue }: DrawnMode, at: number): number =>
    lossSlope * at + (eigenvalue / 2) * at * at
  return { x, y, values: y.flatMap((b) => x.map((a) => along(first, a) + along(second, b))) }
}

function between([low, high]: Interval): number[] {
  return Array.from({ length: gridPoints }, (_, i) => low + (i / (gridPoints - 1)) * (high - low))
}
