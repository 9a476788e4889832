/** One chain on its way: its state, and a loop that moves it. Gives the same bits in whatever strides it is moved. */
export interface Stepper {
  /** x, current after each `advance`. // [output, mode] */
  readonly position: Float64Array
  /** v, likewise. // [output, mode] */
  readonly velocity: Float64Array
  /** Moves the state by `steps` ≥ 1, and adds each state reached to the sums if asked to. */
  advance(steps: number, summing: boolean): void
  /** Brings the sums that it was made with up to date. */
  settleSums(): void
}
