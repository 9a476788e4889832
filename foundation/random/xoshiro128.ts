/**
 * The random generator of the project: xoshiro128** 1.1 of Blackman and Vigna (prng.di.unimi.it/xoshiro128starstar.c),
 * 32-bit, period 2¹²⁸ − 1, with one stream per chain.
 *
 * Chain c of a seed starts c jumps of 2⁶⁴ steps after chain 0, so that no two chains of one seed meet within 2⁶⁴ words.
 * Streams of different seeds start at unrelated places on the one cycle: they could overlap, with a probability below
 * words drawn · streams² / 2¹²⁸.
 */

/** The four 32-bit words of the generator's state; never all zero. Advanced in place. // [4] */
export type RandomState = Int32Array

/** Advances the state by one step and gives the next word as a signed 32-bit integer (`>>> 0` makes it unsigned). */
export function nextWord(state: RandomState): number {
  const s0 = state[0]!
  const s1 = state[1]!
  const s2 = state[2]! ^ s0
  const s3 = state[3]! ^ s1
  const scrambled = Math.imul(s1, 5)
  state[0] = s0 ^ s3
  state[1] = s1 ^ s2
  state[2] = s2 ^ (s1 << 9)
  state[3] = (s3 << 11) | (s3 >>> 21)
  return Math.imul((scrambled << 7) | (scrambled >>> 25), 9)
}

/** Advances the state by 2⁶⁴ steps. */
export function jump(state: RandomState): void {
  advance(state, jumpPolynomial)
}

/** Advances the state by 2⁹⁶ steps. */
export function longJump(state: RandomState): void {
  advance(state, longJumpPolynomial)
}

/**
 * The state that a chain's random numbers start from: the seed's own state, `chain` jumps ahead.
 *
 * The jumps are linear over the two-element field, so that c of them are the product of at most log₂ c matrices
 * (2 kB each, made once): any chain costs about 10 µs, whichever chains were asked for before.
 *
 * @param seed integer in [0, 2⁵³); different seeds give different states
 * @param chain integer in [0, 2⁵³)
 * @throws RangeError if either is out of range
 */
export function streamOf(seed: number, chain: number): RandomState {
  if (!(Number.isSafeInteger(chain) && chain >= 0)) {
    throw new RangeError(`streamOf: chain must be an integer in [0, 2^53), got ${chain}`)
  }
  const state = seededState(seed)
  for (let power = 0, rest = chain; rest > 0; power++, rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) state.set(image(jumpMatrix(power), state))
  }
  return state
}

// x^(2^64) and x^(2^96) modulo the generator's characteristic polynomial, lowest power first, as published with the generator.
const jumpPolynomial = [0x8764000b, 0xf542d2d3, 0x6fa035c3, 0x77f2db5b]
const longJumpPolynomial = [0xb523952e, 0x0b6f099f, 0xccf5a0ef, 0x1c580662]

const stateBits = 128

/** Replaces the state by the polynomial in the step operator, applied to it. */
function advance(state: RandomState, polynomial: readonly number[]): void {
  const sum = new Int32Array(4)
  for (let bit = 0; bit < stateBits; bit++) {
    if ((polynomial[bit >>> 5]! >>> (bit & 31)) & 1) addTo(sum, state, 0)
    nextWord(state)
  }
  state.set(sum)
}

/** Matrices of 1, 2, 4, … jumps, each as the images of the 128 unit states. // [bit, 4] */
const jumpMatrices: Int32Array[] = []

function jumpMatrix(power: number): Int32Array {
  for (let next = jumpMatrices.length; next <= power; next++) {
    const previous = jumpMatrices[next - 1]
    const matrix = new Int32Array(stateBits * 4)
    for (let bit = 0; bit < stateBits; bit++) {
      if (previous === undefined) {
        const unit = new Int32Array(4)
        unit[bit >>> 5] = 1 << (bit & 31)
        jump(unit)
        matrix.set(unit, bit * 4)
      } else {
        matrix.set(image(previous, previous.subarray(bit * 4, bit * 4 + 4)), bit * 4)
      }
    }
    jumpMatrices.push(matrix)
  }
  return jumpMatrices[power]!
}

/** The images of the state's bits that are set, added up: the lowest bit first, which is then cleared. */
function image(matrix: Int32Array, state: RandomState): RandomState {
  let [s0, s1, s2, s3] = [0, 0, 0, 0]
  for (let word = 0; word < 4; word++) {
    for (let rest = state[word]!; rest !== 0; rest &= rest - 1) {
      const at = 4 * (32 * word + 31 - Math.clz32(rest & -rest))
      s0 ^= matrix[at]!
      s1 ^= matrix[at + 1]!
      s2 ^= matrix[at + 2]!
      s3 ^= matrix[at + 3]!
    }
  }
  return Int32Array.of(s0, s1, s2, s3)
}

function addTo(sum: Int32Array, words: Int32Array, offset: number): void {
  for (let word = 0; word < 4; word++) sum[word]! ^= words[offset + word]!
}

/**
 * Spreads the 53 bits of a seed over the state. Every operation on the four words can be undone, so that no two seeds
 * share a state; the zero state comes from words 2 and 3 other than the two constants they start as, so from no seed.
 */
function seededState(seed: number): RandomState {
  if (!(Number.isSafeInteger(seed) && seed >= 0)) {
    throw new RangeError(`streamOf: seed must be an integer in [0, 2^53), got ${seed}`)
  }
  const state = Int32Array.of(seed, Math.floor(seed / 2 ** 32), 0x243f6a88, 0x85a308d3) // the constants: π's first bits
  for (let turn = 0; turn < 3; turn++) {
    for (let word = 0; word < 4; word++) {
      state[word] = mixed(state[word]! + state[(word + 3) & 3]! + goldenRatioBits)
    }
  }
  return state
}

const goldenRatioBits = 0x9e3779b9

/** MurmurHash3's finaliser, a permutation of the 32-bit words. */
function mixed(word: number): number {
  let bits = word | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return bits ^ (bits >>> 16)
}
