import { readFileSync } from 'node:fs'
import { element, type Markup, trusted } from './markup.ts'

/** Beside this file in the sources and in the build. */
const style = readFileSync(new URL('./look.css', import.meta.url), 'utf8')
const script = readFileSync(new URL('./in-browser.js', import.meta.url), 'utf8')

export interface Part {
  readonly id: string
  /** In the contents at the top. */
  readonly name: string
  readonly body: Markup
}

/** A whole page in one file: nothing is loaded from anywhere, and the page's own policy forbids it. */
export function htmlPage(title: string, opening: Markup, parts: readonly Part[]): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
  const head = element(
    'head',
    {},
    element('meta', { charset: 'utf-8' }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
    element('title', {}, title),
    element('style', {}, trusted(style)),
  )
  const contents = element(
    'nav',
    { 'aria-label': 'contents' },
    ...parts.map(({ id, name }) => element('a', { href: `#${id}` }, name)),
  )
  const body = element(
    'body',
    {},
    element('main', {}, opening, contents, ...parts.map(({ body }) => body)),
    element('dialog', { id: 'zoomed', 'aria-label': 'figure' }),
    element('script', {}, trusted(script)),
  )
  return `<!doctype html>\n${element('html', { lang: 'en' }, head, body).markup}\n`
}
