import type { FigureFile } from '../figures/figure.ts'
import { element, type Markup, trusted } from './markup.ts'

/** A figure with its caption; clicked, it fills the window. */
export function figureCard({ name, title, caption, svg }: FigureFile): Markup {
  return element(
    'figure',
    { class: 'card', id: `figure-${name}` },
    element(
      'button',
      { type: 'button', class: 'zoom', 'aria-label': `enlarge: ${title}` },
      trusted(ownIds(svg, name).trim()),
    ),
    element('figcaption', {}, caption),
  )
}

/** Ids that no other figure of the page has: figures number their clip paths each from 1. */
function ownIds(svg: string, name: string): string {
  const prefix = name.replace(/[^\w-]/g, '-')
  return svg
    .replace(/\bid="([^"]+)"/g, (_, id: string) => `id="${prefix}-${id}"`)
    .replace(/url\(#([^)]+)\)/g, (_, id: string) => `url(#${prefix}-${id})`)
    .replace(/href="#([^"]+)"/g, (_, id: string) => `href="#${prefix}-${id}"`)
}
