import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { pngOf } from './png.ts'

const drawing = (text: string, weight = 'normal'): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40"><rect width="120" height="40" fill="#fff"/><text x="10" y="25" font-family="Verdana, DejaVu Sans, sans-serif" font-weight="${weight}" font-size="20">${text}</text></svg>`

describe('pngOf', () => {
  it('half as large again as the figure, and the same bytes again', async () => {
    const png = pngOf(drawing('Ψ ‖Δ‖² ρ'))
    expect(await sharp(png).metadata()).toMatchObject({ format: 'png', width: 180, height: 60 })
    expect(Buffer.from(pngOf(drawing('Ψ ‖Δ‖² ρ'))).equals(png)).toBe(true)
  })

  it('every letter that figures use is drawn as itself: no two alike, none empty', () => {
    const letters = [...'ΨσρηβλθκδΔ‖²ᶜ⁻¹±−×≤≥…·✓ψΣμ∥']
    const empty = Buffer.from(pngOf(drawing('')))
    const pictures = letters.map((letter) => Buffer.from(pngOf(drawing(letter))))
    for (const [i, picture] of pictures.entries()) {
      expect(picture.equals(empty)).toBe(false)
      for (const [j, other] of pictures.entries()) {
        if (i < j && picture.equals(other)) expect.fail(`${letters[i]} is drawn as ${letters[j]}`)
      }
    }
  })

  it('bold is bolder', async () => {
    const ink = async (weight: string): Promise<number> => {
      const { channels } = await sharp(pngOf(drawing('mmm', weight))).stats()
      return 255 - channels[0]!.mean
    }
    expect(await ink('bold')).toBeGreaterThan(1.2 * (await ink('normal')))
  })
})
