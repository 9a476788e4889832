import type { Verdict } from '../../foundation/results.ts'
import { verdictNames, verdictSymbols } from '../names.ts'
import { element, type Markup } from './markup.ts'

/** A verdict by sign, word and colour. */
export function verdictBadge(verdict: Verdict, more = ''): Markup {
  return element('span', { class: `verdict ${verdict}` }, `${verdictSymbols[verdict]} ${verdictNames[verdict]}${more}`)
}
