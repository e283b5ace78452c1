// The generalised mean: with u = max(x, LEAST), y = (sum(u^p) / n)^(1/p), where p is an input, one number
// or one for each channel. One work-item per output; for the gradient of x first the statistics of each
// output, then one work-item per cell; for the gradient of p the terms of each output, which
// parameter_gradient.cl sums. docs/semantics.md, 2.2, 2.3, 3, 4 and 5.
//
// Macros (defaults): TYPE (FLOAT32), DIVISION (NATIVE_DIVISION), CHANNELS_LAST (0), LONG_SUMS (1),
//   LEAST (1e-6), ACCUMULATE (0).
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); channels and planes as in
//   lib/planes.clh; the number of exponents. Statistics: the means; the outputs' gradients divided by the
//   number of cells.
#include "lib/types.clh"
#include "lib/planes.clh"
#include "lib/regions.clh"
#include "lib/sums.clh"
#include "lib/division.clh"
#include "lib/exact_math.clh"
#include "lib/gradients.clh"

#ifndef LEAST
#define LEAST ((C)1e-6f)
#endif

static inline C raised(C x) { return x < LEAST ? LEAST : x; }

static inline C logarithm_term(C u, C p) { return exact_pow(u, p) * exact_log(u); }

static inline C power_sum(__global const T *plane, Box region, uint channels, C p) {
  C sum;
  SUM_OVER(sum, cell, region, exact_pow(raised(LOAD(plane, CELL_OFFSET(cell, channels))), p));
  return sum;
}

static inline C mean_of(C sum, Box region, C p) {
  if (is_empty(region)) return (C)0;
  return exact_pow(divide(sum, TO_C(volume(region))), divide((C)1, p));
}

// What an output gives to the gradient of a cell.
static inline C term(C x, C share, C mean, C p) {
  if (x < LEAST || mean == (C)0) return SKIPPED;
  if (!(fabs(mean) < (C)INFINITY)) return (C)NAN;
  return share * exact_pow(divide(x, mean), p - (C)1);
}

__kernel void gem_pool_forward(__global const T *restrict x, __global const C *restrict weights,
                               __global T *restrict y, GEOMETRY, const uint exponents) {
  BEGIN_OUTPUT(output, region);
  const C p = weights[exponents == 1 ? 0 : CHANNEL(channels)];
  const C sum = power_sum(PLANE(x, inputs, channels), region, channels, p);
  STORE(PLANE(y, outputs, channels), CELL_OFFSET(output, channels), mean_of(sum, region, p));
}

__kernel void gem_pool_statistics(__global const T *restrict x, __global const C *restrict weights,
                                  __global const T *restrict grad_output, __global C *restrict means,
                                  __global C *restrict shares, GEOMETRY, const uint exponents) {
  BEGIN_OUTPUT(output, region);
  const C p = weights[exponents == 1 ? 0 : CHANNEL(channels)];
  const C sum = power_sum(PLANE(x, inputs, channels), region, channels, p);
  const ulong at_output = CELL_OFFSET(output, channels);
  const C g = LOAD(PLANE(grad_output, outputs, channels), at_output);
  PLANE(means, outputs, channels)[at_output] = mean_of(sum, region, p);
  PLANE(shares, outputs, channels)[at_output] = divide(g, TO_C(volume(region)));
}

__kernel void gem_pool_backward(__global const T *restrict x, __global const C *restrict weights,
                                __global const C *restrict means, __global const C *restrict shares,
                                __global T *restrict grad_input, GEOMETRY, const uint exponents) {
  BEGIN_CELL(cell, covering);
  const C p = weights[exponents == 1 ? 0 : CHANNEL(channels)];
  const C value = LOAD(PLANE(x, inputs, channels), CELL_OFFSET(cell, channels));
  __global const C *mean = PLANE(means, outputs, channels);
  __global const C *share = PLANE(shares, outputs, channels);
  C total;
  SUM_OVER(total, output, covering,
           term(value, share[CELL_OFFSET(output, channels)], mean[CELL_OFFSET(output, channels)], p));
  store_gradient(PLANE(grad_input, inputs, channels), CELL_OFFSET(cell, channels), total);
}

// What each output gives to the gradient of p.
__kernel void gem_pool_terms(__global const T *restrict x, __global const C *restrict weights,
                             __global const T *restrict grad_output, __global C *restrict terms,
                             GEOMETRY, const uint exponents) {
  BEGIN_OUTPUT(output, region);
  const C p = weights[exponents == 1 ? 0 : CHANNEL(channels)];
  __global const T *plane = PLANE(x, inputs, channels);
  const C sum = power_sum(plane, region, channels, p);
  const C mean = mean_of(sum, region, p);
  const ulong at_output = CELL_OFFSET(output, channels);
  C logarithms;
  SUM_OVER(logarithms, cell, region,
           logarithm_term(raised(LOAD(plane, CELL_OFFSET(cell, channels))), p));
  const C g = LOAD(PLANE(grad_output, outputs, channels), at_output);
  const C term = divide((g * mean) * (divide(logarithms, sum) - exact_log(mean)), p);
  PLANE(terms, outputs, channels)[at_output] = mean == (C)0 ? SKIPPED : term;
}
