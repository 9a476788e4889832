// Kernels that TensorFlow.js's wasm backend lacks or has slow, compiled to work in its memory. All arrays are float32, by
// address; sizes are numbers of elements. Nothing here allocates: callers bring scratch room.

export { sumColumns, sumRows } from './block-sum'
export { filterGradient } from './filter-gradient'
export { matrixProduct } from './matrix-product'
export { gatherFromMaxima, scatterToMaxima } from './maximum-pool'
export { productRoom } from './panels'
export { setWindows } from './windows'
