import { describe, expect, it } from 'vitest'
import { details, element, escapeHtml, together, trusted } from './markup.ts'

const nasty = `<script>alert("x")</script> & 'y'`

describe('markup', () => {
  it('text never becomes a tag, an entity or the end of an attribute', () => {
    expect(escapeHtml(nasty)).not.toMatch(/[<>"']/)
    expect(escapeHtml('&lt;')).toBe('&#38;lt;')
    expect(element('p', { title: nasty }, nasty).markup).toBe(
      `<p title="${escapeHtml(nasty)}">${escapeHtml(nasty)}</p>`,
    )
    expect(details(nasty, nasty).markup).not.toContain('<script')
  })

  it('what is HTML already is left as it is, at any depth', () => {
    const inner = element('b', {}, 'a < b')
    expect(element('p', {}, together('x', inner, undefined, 3)).markup).toBe('<p>x<b>a &#60; b</b>3</p>')
    expect(element('figure', {}, trusted('<svg/>')).markup).toBe('<figure><svg/></figure>')
  })

  it('attributes that are off are not written, and void elements are not closed', () => {
    expect(element('input', { type: 'search', disabled: true, hidden: false, id: undefined }).markup).toBe(
      '<input type="search" disabled>',
    )
  })
})
