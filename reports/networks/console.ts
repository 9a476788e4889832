import type { NetworkReport } from '../../foundation/network-results.ts'
import { columns } from '../columns.ts'
import { counted } from '../markdown-text.ts'
import { verdictNames } from '../names.ts'
import { formatNumber } from '../numbers.ts'

/** Claims that a terminal shows, of the first group of runs. */
const mostClaims = 24

/** The lines that `empirical` prints at its end: what was predicted and measured, and what the network does not give. */
export function renderNetworkSummary({ experiment, claims, findings }: NetworkReport): string {
  const [first] = claims
  const shown = claims.filter(({ run }) => run === first?.run).slice(0, mostClaims)
  const judged = claims.filter(({ verdict }) => verdict !== undefined)
  const agreeing = judged.filter(({ verdict }) => verdict === 'agrees').length
  const table = columns(
    ['left', 'left', 'right', 'right', 'left'],
    [
      ['quantity', 'theory', 'predicted', 'measured', ''],
      ...shown.map(({ quantity, theory, prediction, measured, verdict }) => [
        quantity,
        theory,
        formatNumber(prediction),
        formatNumber(measured),
        verdict === undefined ? '' : verdictNames[verdict],
      ]),
    ],
  )
  return [
    `${experiment.name}: ${agreeing} of ${counted(judged.length, 'judged claim')} agree within their margins.${first === undefined ? '' : ` Of ${first.run}:`}`,
    ...(claims.length === 0 ? [] : table),
    ...(claims.length > shown.length
      ? [`… and ${counted(claims.length - shown.length, 'more claim')} in the report`]
      : []),
    ...findings.map((finding) => `- ${finding}`),
    '',
  ].join('\n')
}
