import type { Experiment } from '../hypothesis.ts'
import type { Ledger } from '../ledger.ts'
import type { Quantity } from '../quantity.ts'
import { coordinatesEvidence } from './coordinates.ts'
import { distributionEvidence } from './distribution.ts'
import type { Evidence, Terms } from './evidence.ts'
import { exactEvidence } from './exact.ts'
import { functionEvidence } from './function.ts'
import { longRunEvidence } from './long-run.ts'
import { ratioEvidence } from './ratio.ts'

export type { Evidence, Holding, Power, Prediction, Reading, Recorder, Separation, Terms } from './evidence.ts'

/**
 * The evidence that a quantity asks for, ready to be planned and recorded.
 *
 * @throws RangeError for a quantity that needs samples where there is no experiment
 */
export function evidenceOf<Measured, T>(
  quantity: Quantity<Measured, T>,
  terms: Terms,
  experiment: Experiment<Measured> | undefined,
  ledger: Ledger,
): Evidence<Measured, T> {
  if (quantity.kind === 'exact') return exactEvidence(quantity, terms)
  if (experiment === undefined) {
    throw new RangeError(
      `evidenceOf: ${quantity.name}: an experiment must be given for a quantity of kind ${quantity.kind}, got none`,
    )
  }
  const sampled = { ...terms, experiment, ledger }
  switch (quantity.kind) {
    case 'ratio':
      return ratioEvidence(quantity, sampled)
    case 'function':
      return functionEvidence(quantity, sampled)
    case 'coordinates':
      return coordinatesEvidence(quantity, sampled)
    case 'long-run':
      return longRunEvidence(quantity, sampled)
    case 'distribution':
      return distributionEvidence(quantity, sampled)
  }
}
