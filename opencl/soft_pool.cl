// The average of a region's cells weighted by their exponentials (SoftPool): with m the maximum and
// d = x - m, y = m + sum(exp(d) * d) / sum(exp(d)). One work-item per output; for the gradient first the
// statistics of each output, then one work-item per cell. docs/semantics.md, 2.2, 2.4, 3, 4 and 5.
//
// Macros (defaults): TYPE (FLOAT32), DIVISION (NATIVE_DIVISION), CHANNELS_LAST (0), LONG_SUMS (1),
//   PAPER_GRADIENT (0): whether the weights are taken for constants, ACCUMULATE (0).
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); channels and planes as in
//   lib/planes.clh. Statistics: the maxima m; the sums of the weights; z, the outputs minus m; and the
//   cells that are the maximum where m is not finite, else -1.
#include "lib/types.clh"
#include "lib/planes.clh"
#include "lib/regions.clh"
#include "lib/sums.clh"
#include "lib/maximum.clh"
#include "lib/division.clh"
#include "lib/exact_math.clh"
#include "lib/gradients.clh"

#ifndef PAPER_GRADIENT
#define PAPER_GRADIENT 0
#endif

// What the terms of an output's cells need.
typedef struct {
  C m, sum, z;
  int selected;
} Statistics;

// A weight of 0 is skipped; weights are not negative, so that adding it to their sum is the same.
static inline C weight(C x, C m) { return exact_exp(x - m); }

static inline C moment(C x, C m) {
  const C e = weight(x, m);
  return e == (C)0 ? SKIPPED : e * (x - m);
}

static inline Statistics statistics_of(__global const T *plane, Box region, uint channels) {
  Statistics s = {(C)0, (C)1, (C)0, -1};
  BITS best = LEAST_KEY;
  FOR_EACH_POSITION(cell, region) {
    const BITS key = key_of(LOAD(plane, CELL_OFFSET(cell, channels)));
    if (replaces(key, best)) {
      best = key;
      s.selected = cell;
    }
  }
  s.m = value_of(best);
  if (fabs(s.m) < (C)INFINITY) {
    C moments;
    SUM_OVER(s.sum, cell, region, weight(LOAD(plane, CELL_OFFSET(cell, channels)), s.m));
    SUM_OVER(moments, cell, region, moment(LOAD(plane, CELL_OFFSET(cell, channels)), s.m));
    s.z = divide(moments, s.sum);
    s.selected = -1;
  }
  return s;
}

// What an output gives to the gradient of a cell.
static inline C term(int cell, C x, C g, Statistics s) {
  if (s.selected >= 0) return s.selected == cell ? g : SKIPPED;
  const C d = x - s.m, e = exact_exp(d);
  if (e == (C)0) return SKIPPED;
  const C share = g * divide(e, s.sum);
  return PAPER_GRADIENT ? share : share * (((C)1 + d) - s.z);
}

__kernel void soft_pool_forward(__global const T *restrict x, __global T *restrict y, GEOMETRY) {
  BEGIN_OUTPUT(output, region);
  const Statistics s = statistics_of(PLANE(x, inputs, channels), region, channels);
  const C result = s.selected >= 0 ? s.m : s.m + s.z;
  STORE(PLANE(y, outputs, channels), CELL_OFFSET(output, channels), is_empty(region) ? (C)0 : result);
}

__kernel void soft_pool_statistics(__global const T *restrict x, __global C *restrict maxima,
                                   __global C *restrict sums, __global C *restrict differences,
                                   __global int *restrict selected, GEOMETRY) {
  BEGIN_OUTPUT(output, region);
  const Statistics s = statistics_of(PLANE(x, inputs, channels), region, channels);
  const ulong at_output = CELL_OFFSET(output, channels);
  PLANE(maxima, outputs, channels)[at_output] = s.m;
  PLANE(sums, outputs, channels)[at_output] = s.sum;
  PLANE(differences, outputs, channels)[at_output] = s.z;
  PLANE(selected, outputs, channels)[at_output] = s.selected;
}

__kernel void soft_pool_backward(__global const T *restrict grad_output, __global const T *restrict x,
                                 __global const C *restrict maxima, __global const C *restrict sums,
                                 __global const C *restrict differences,
                                 __global const int *restrict selected,
                                 __global T *restrict grad_input, GEOMETRY) {
  BEGIN_CELL(cell, covering);
  const C value = LOAD(PLANE(x, inputs, channels), CELL_OFFSET(cell, channels));
  __global const T *gradient = PLANE(grad_output, outputs, channels);
  __global const C *m = PLANE(maxima, outputs, channels);
  __global const C *sum = PLANE(sums, outputs, channels);
  __global const C *z = PLANE(differences, outputs, channels);
  __global const int *index = PLANE(selected, outputs, channels);
  C total;
#define AT(buffer) (buffer)[CELL_OFFSET(output, channels)]
  SUM_OVER(total, output, covering,
           term(cell, value, LOAD(gradient, CELL_OFFSET(output, channels)),
                ((Statistics){AT(m), AT(sum), AT(z), AT(index)})));
  store_gradient(PLANE(grad_input, inputs, channels), CELL_OFFSET(cell, channels), total);
}
