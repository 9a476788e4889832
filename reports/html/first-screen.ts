import type { Verdict } from '../../foundation/results.ts'
import { verdictOrder, verdictSymbols } from '../names.ts'
import { formatCount } from '../numbers.ts'
import { type Child, element, factList, type Markup } from './markup.ts'

/** What a reader must see first. */
export interface FirstScreen {
  readonly title: string
  /** One sentence, in words. */
  readonly answer: Child
  /** How many claims came out how; what is absent is not shown. */
  readonly counts: Partial<Record<Verdict, number>>
  /** Of what those are the counts: 'required claims'. */
  readonly counted: string
  /** Name and value, in the order shown. */
  readonly facts: readonly (readonly [name: string, value: Child])[]
}

const tileNames: Readonly<Record<Verdict, string>> = {
  agrees: 'agree',
  disagrees: 'disagree',
  inconclusive: 'undecided',
  'not-answerable': 'not answerable here',
}

export function firstScreen({ title, answer, counts, counted, facts }: FirstScreen): Markup {
  return element(
    'header',
    {},
    element('h1', {}, title),
    element('p', {}, answer),
    element(
      'div',
      { class: 'tiles' },
      ...verdictOrder.flatMap((verdict) => {
        const count = counts[verdict]
        if (count === undefined) return []
        const number = element('b', { class: verdict }, `${verdictSymbols[verdict]} ${formatCount(count)}`)
        return [element('div', { class: 'tile' }, number, element('span', {}, `${counted} ${tileNames[verdict]}`))]
      }),
    ),
    factList(facts),
  )
}
