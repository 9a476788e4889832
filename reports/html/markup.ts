/** HTML as values: what is a `string` is text and gets escaped; what is `Markup` is HTML already. */
export interface Markup {
  readonly markup: string
}

export type Child = Markup | string | number | undefined

const voidElements: readonly string[] = ['input', 'meta', 'br']

/** Text fit for HTML, between tags and within quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/**
 * One element with its children.
 *
 * @param attributes escaped; `true` gives an attribute without value, `undefined` and `false` none
 */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | boolean | undefined>>,
  ...children: readonly Child[]
): Markup {
  const written = Object.entries(attributes).flatMap(([key, value]) => {
    if (value === undefined || value === false) return []
    return [value === true ? ` ${key}` : ` ${key}="${escapeHtml(String(value))}"`]
  })
  const open = `<${name}${written.join('')}>`
  return { markup: voidElements.includes(name) ? open : `${open}${together(...children).markup}</${name}>` }
}

/** Children side by side, without an element around them. */
export function together(...children: readonly Child[]): Markup {
  return {
    markup: children
      .map((child) => {
        if (child === undefined) return ''
        return typeof child === 'object' ? child.markup : escapeHtml(String(child))
      })
      .join(''),
  }
}

/** HTML that this program itself has written, such as a rendered figure. */
export function trusted(markup: string): Markup {
  return { markup }
}

/** Closed until clicked. */
export function details(summary: Child, ...body: readonly Child[]): Markup {
  return element('details', {}, element('summary', {}, summary), ...body)
}

export function list(items: readonly Child[]): Markup {
  return element('ul', {}, ...items.map((item) => element('li', {}, item)))
}

/** Names with what they are, side by side. */
export function factList(facts: readonly (readonly [name: string, value: Child])[]): Markup {
  const rows = facts.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value)))
  return element('dl', { class: 'facts small' }, ...rows)
}

/** A part of the page that its contents link to. */
export function section(id: string, title: string, ...body: readonly Child[]): Markup {
  return element('section', { id }, element('h2', {}, title), ...body)
}
