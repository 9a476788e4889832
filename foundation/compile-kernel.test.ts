import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { compileKernel } from './compile-kernel.ts'

describe('compileKernel', () => {
  it('says in one line why there is none', () => {
    expect(compileKernel(() => '/nowhere/kernel.wasm')).toMatch(/^ENOENT.*kernel\.wasm'$/)
    expect(compileKernel(() => fileURLToPath(import.meta.url))).toMatch(/^WebAssembly\.Module\(\): [^\n]+$/)
  })
})
