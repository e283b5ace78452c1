// The average weighted by the exponentials of logits (LIP), over any regions: one work-item per output.
// Backward, first the statistics of each output, then one work-item per input cell gathers.
// docs/semantics.md, section 5.
//
// Macros (defaults): TYPE (FLOAT32), DIVISION (NATIVE_DIVISION), CHANNELS_LAST (0), LONG_SUMS (1),
//   ACCUMULATE (0), GRAD_INPUT (1), GRAD_LOGITS (1): which gradients are stored.
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); channels and planes as in
//   lib/planes.clh.
#include "lib/types.clh"
#include "lib/planes.clh"
#include "lib/regions.clh"
#include "lib/maximum.clh"
#include "lib/sums.clh"
#include "lib/division.clh"
#include "lib/exact_math.clh"
#include "lib/gradients.clh"

#ifndef GRAD_INPUT
#define GRAD_INPUT 1
#endif

#ifndef GRAD_LOGITS
#define GRAD_LOGITS 1
#endif

// How much a cell weighs beside the one with the greatest logit.
static inline C importance(C logit, C greatest) {
  return logit == greatest ? (C)1 : exact_exp(logit - greatest);
}

// A term of the weighted sum; cells without weight have none, whatever they are.
static inline C weighted(C importance_of_cell, C x) {
  return importance_of_cell == (C)0 ? SKIPPED : importance_of_cell * x;
}

// Statistics of a region that is not empty: its greatest logit, the sum of weights and the mean.
typedef struct {
  C greatest, sum, mean;
} Statistics;

static inline Statistics statistics_of(__global const T *x, __global const T *logits, Box region,
                                       uint channels) {
  BITS best = LEAST_KEY;
  FOR_EACH_POSITION(cell, region)
    best = max(best, key_of(LOAD(logits, CELL_OFFSET(cell, channels))));
  Statistics statistics;
  statistics.greatest = value_of(best);
  C moments;
  SUM_OVER(statistics.sum, cell, region,
           importance(LOAD(logits, CELL_OFFSET(cell, channels)), statistics.greatest));
  SUM_OVER(moments, cell, region,
           weighted(importance(LOAD(logits, CELL_OFFSET(cell, channels)), statistics.greatest),
                    LOAD(x, CELL_OFFSET(cell, channels))));
  statistics.mean = divide(moments, statistics.sum);
  return statistics;
}

__kernel void importance_pool_forward(__global const T *restrict x, __global const T *restrict logits,
                                      __global T *restrict y, GEOMETRY) {
  BEGIN_OUTPUT(output, region);
  const Statistics statistics = statistics_of(PLANE(x, inputs, channels),
                                              PLANE(logits, inputs, channels), region, channels);
  STORE(PLANE(y, outputs, channels), CELL_OFFSET(output, channels),
        is_empty(region) ? (C)0 : statistics.mean);
}

__kernel void importance_pool_statistics(__global const T *restrict x,
                                         __global const T *restrict logits,
                                         __global C *restrict greatest, __global C *restrict sums,
                                         __global C *restrict means, GEOMETRY) {
  BEGIN_OUTPUT(output, region);
  const Statistics statistics = statistics_of(PLANE(x, inputs, channels),
                                              PLANE(logits, inputs, channels), region, channels);
  const ulong at_output = CELL_OFFSET(output, channels);
  PLANE(greatest, outputs, channels)[at_output] = statistics.greatest;
  PLANE(sums, outputs, channels)[at_output] = statistics.sum;
  PLANE(means, outputs, channels)[at_output] = statistics.mean;
}

// What an output gives to the gradient of a cell, and of its logit if mean and x are theirs.
static inline C term_of(C logit, C gradient, C greatest, C sum) {
  const C e = importance(logit, greatest);
  return e == (C)0 ? SKIPPED : gradient * divide(e, sum);
}

static inline C logit_term_of(C logit, C x, C gradient, C greatest, C sum, C mean) {
  const C e = importance(logit, greatest);
  return e == (C)0 ? SKIPPED : (gradient * divide(e, sum)) * (x - mean);
}

__kernel void importance_pool_backward(__global const T *restrict x, __global const T *restrict logits,
                                       __global const T *restrict grad_output,
                                       __global const C *restrict greatest,
                                       __global const C *restrict sums, __global const C *restrict means,
#if GRAD_INPUT
                                       __global T *restrict grad_input,
#endif
#if GRAD_LOGITS
                                       __global T *restrict grad_logits,
#endif
                                       GEOMETRY) {
  BEGIN_CELL(cell, covering);
  const ulong at_cell = CELL_OFFSET(cell, channels);
  const C logit = LOAD(PLANE(logits, inputs, channels), at_cell);
  __global const T *gradient = PLANE(grad_output, outputs, channels);
  __global const C *greatest_of = PLANE(greatest, outputs, channels);
  __global const C *sum_of = PLANE(sums, outputs, channels);
  C sum;
#if GRAD_INPUT
  SUM_OVER(sum, output, covering,
           term_of(logit, LOAD(gradient, CELL_OFFSET(output, channels)),
                   greatest_of[CELL_OFFSET(output, channels)], sum_of[CELL_OFFSET(output, channels)]));
  store_gradient(PLANE(grad_input, inputs, channels), at_cell, sum);
#endif
#if GRAD_LOGITS
  __global const C *mean_of = PLANE(means, outputs, channels);
  const C number = LOAD(PLANE(x, inputs, channels), at_cell);
  SUM_OVER(sum, output, covering,
           logit_term_of(logit, number, LOAD(gradient, CELL_OFFSET(output, channels)),
                         greatest_of[CELL_OFFSET(output, channels)],
                         sum_of[CELL_OFFSET(output, channels)],
                         mean_of[CELL_OFFSET(output, channels)]));
  store_gradient(PLANE(grad_logits, inputs, channels), at_cell, sum);
#endif
}
