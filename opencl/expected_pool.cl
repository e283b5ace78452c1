// What stochastic pooling draws on average: the average of a region's cells weighted by themselves, negative
// ones as 0. One work-item per output; for the gradient first the statistics of each output, then one
// work-item per cell. docs/semantics.md, 2.2, 4 and 5.
//
// Macros (defaults): TYPE (FLOAT32), DIVISION (NATIVE_DIVISION), CHANNELS_LAST (0), LONG_SUMS (1),
//   ACCUMULATE (0).
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); channels and planes as in
//   lib/planes.clh. Statistics: the sums of the weights; the outputs.
#include "lib/types.clh"
#include "lib/planes.clh"
#include "lib/regions.clh"
#include "lib/sums.clh"
#include "lib/division.clh"
#include "lib/gradients.clh"

// NaN stays NaN.
static inline C weight(C x) { return x < (C)0 ? (C)0 : x; }

static inline C square(C x) { return x * x; }

// The output of a region; *sum: of its weights.
static inline C expected(__global const T *plane, Box region, uint channels, C *sum) {
  C squares;
  SUM_OVER(*sum, cell, region, weight(LOAD(plane, CELL_OFFSET(cell, channels))));
  SUM_OVER(squares, cell, region, square(weight(LOAD(plane, CELL_OFFSET(cell, channels)))));
  return *sum == (C)0 ? (C)0 : divide(squares, *sum);
}

// What an output gives to the gradient of a cell.
static inline C term(C x, C g, C sum, C y) {
  return sum == (C)0 || x < (C)0 ? SKIPPED : g * divide(((C)2 * x) - y, sum);
}

__kernel void expected_pool_forward(__global const T *restrict x, __global T *restrict y, GEOMETRY) {
  BEGIN_OUTPUT(output, region);
  C sum;
  STORE(PLANE(y, outputs, channels), CELL_OFFSET(output, channels),
        expected(PLANE(x, inputs, channels), region, channels, &sum));
}

__kernel void expected_pool_statistics(__global const T *restrict x, __global C *restrict sums,
                                       __global C *restrict results, GEOMETRY) {
  BEGIN_OUTPUT(output, region);
  const ulong at_output = CELL_OFFSET(output, channels);
  C sum;
  PLANE(results, outputs, channels)[at_output] =
      expected(PLANE(x, inputs, channels), region, channels, &sum);
  PLANE(sums, outputs, channels)[at_output] = sum;
}

__kernel void expected_pool_backward(__global const T *restrict grad_output, __global const T *restrict x,
                                     __global const C *restrict sums, __global const C *restrict results,
                                     __global T *restrict grad_input, GEOMETRY) {
  BEGIN_CELL(cell, covering);
  const C value = LOAD(PLANE(x, inputs, channels), CELL_OFFSET(cell, channels));
  __global const T *gradient = PLANE(grad_output, outputs, channels);
  __global const C *sum = PLANE(sums, outputs, channels);
  __global const C *result = PLANE(results, outputs, channels);
  C total;
  SUM_OVER(total, output, covering,
           term(value, LOAD(gradient, CELL_OFFSET(output, channels)), sum[CELL_OFFSET(output, channels)],
                result[CELL_OFFSET(output, channels)]));
  store_gradient(PLANE(grad_input, inputs, channels), CELL_OFFSET(cell, channels), total);
}
