/** How a long measurement tells of itself, is stopped, and is taken up again. */
export interface Control<State> {
  /** Where to go on from: a state that `onProgress` was given, or a copy of it. It is changed in place. */
  readonly from?: State | undefined
  /**
   * Called after each Hessian-vector product, and waited for. The state is the live one: to keep it, write or copy it before
   * returning.
   *
   * @param done products so far; @param total products at most
   */
  readonly onProgress?: ((done: number, total: number, state: State) => void | Promise<void>) | undefined
  /** Aborted, it makes the measurement reject with its reason before the next product. */
  readonly signal?: AbortSignal | undefined
}
