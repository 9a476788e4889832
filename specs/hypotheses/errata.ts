import type { Hypothesis } from '../../harness/hypothesis.ts'
import { type ErrataSetting, nameOf, printedName } from '../errata/suite.ts'

export const errata: Hypothesis<ErrataSetting> = {
  id: 'errata',
  claim:
    'Where the paper’s print and its own derivation part, or a statement reaches too far, an independent computation sides with the corrected form.',
  source: 'docs/errata.md, each row at its own place',
  scale: 'linear',
  margin: 0,
  marginReason: 'each row has its own',
  rivals: ({ rows }) => rows.map(printedName),
  quantities: ({ rows }) =>
    rows.map((row) => {
      const { quantity, setting, truth, truthBy, tolerance } = row.counterexample
      return {
        kind: 'exact',
        name: `${nameOf(row)}: ${quantity} (${setting})`,
        margin: tolerance,
        marginReason: `errors of the corrected number and of the truth, found by ${truthBy}`,
        predict: ({ says }) => says(row),
        compute: () => truth,
      }
    }),
}
