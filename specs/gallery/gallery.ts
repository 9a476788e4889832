import { prepareDataset } from '../../foundation/dataset.ts'
import { figuresOf } from '../../reports/figures/index.ts'
import { modifiedPotentialFigure } from '../../reports/figures/modified-potential.ts'
import { rendered } from '../../reports/figures/render.ts'
import { figure3Picture } from '../ornstein-uhlenbeck/figure-3-picture.ts'
import { exampleDataset } from '../regression/example.ts'
import { planVerification, runVerification } from '../regression/verify.ts'

/** What the README shows, of the report's figures. */
const shown: readonly string[] = ['isotropy', 'equipartition', 'displacement', 'phase-plane']

/** A quarter of what `verify` takes: enough for these figures, and the test that they are up to date stays short. */
const stepsBudget = 1e6

/** The README's figures as the program makes them from the embedded example, seed 1: file name and SVG. */
export async function galleryFiles(): Promise<[name: string, svg: string][]> {
  const plan = planVerification({
    dataset: prepareDataset(exampleDataset(), { standardize: true, center: true }),
    momentum: 0.9,
    weightDecay: 0,
    batchSize: 32,
    seed: 1,
    stepsBudget,
    command: 'npm run gallery',
  })
  const report = await runVerification(plan, 'gallery')
  const figures = [
    ...figuresOf(report).filter(({ name }) => shown.includes(name)),
    modifiedPotentialFigure(figure3Picture()),
  ]
  return (await rendered(figures)).map(({ name, svg }) => [`${name}.svg`, svg])
}
