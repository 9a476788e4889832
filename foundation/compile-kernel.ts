import { readFileSync } from 'node:fs'

/** Compiles the WebAssembly file that is found, or says in one line why not. */
export function compileKernel(find: () => string): WebAssembly.Module | string {
  try {
    return new WebAssembly.Module(readFileSync(find()))
  } catch (error) {
    return (error as Error).message.split('\n')[0]!
  }
}
