// Maximum and average mixed, over any regions: one work-item per output. Backward, first one work-item
// per output finds what it gives to the gradients, then one per input cell gathers.
// docs/semantics.md, section 5.
//
// Macros (defaults): TYPE (FLOAT32), DIVISION (NATIVE_DIVISION), CHANNELS_LAST (0), LONG_SUMS (1),
//   DIVISOR (CELLS), MIXTURE (MIX_WEIGHTED) and what belongs to it (lib/mixtures.clh), ACCUMULATE (0),
//   CHOICE (0): whether the forward pass of MIX_RANDOM records which planes have maxima.
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); channels and planes as in
//   lib/planes.clh; own_weights as in lib/mixtures.clh.
#include "lib/types.clh"
#include "lib/planes.clh"
#include "lib/regions.clh"
#include "lib/sums.clh"
#include "lib/maximum.clh"
#include "lib/divisors.clh"
#include "lib/mixtures.clh"
#include "lib/gradients.clh"
#include "lib/philox.clh"
#include "lib/exact_math.clh"

#ifndef CHOICE
#define CHOICE 0
#endif

// The planes of maxima and averages in a tensor of the output's shape: MIX_CAT has twice the channels.
#if MIXTURE == MIX_CAT
#define OUTPUT_CHANNELS(channels) (2 * (channels))
#if CHANNELS_LAST
#define HALF(buffer, second, outputs, channels) \
  (PLANE(buffer, outputs, OUTPUT_CHANNELS(channels)) + (second) * (channels))
#else
#define HALF(buffer, second, outputs, channels)                         \
  (PLANE(buffer, outputs, channels) +                                   \
   ((ulong)(get_global_id(1) / (channels) + (second)) * (channels)) * (outputs))
#endif
#define MAX_PLANE(buffer, outputs, channels) HALF(buffer, !MAX_FIRST, outputs, channels)
#define AVG_PLANE(buffer, outputs, channels) HALF(buffer, MAX_FIRST, outputs, channels)
#else
#define OUTPUT_CHANNELS(channels) (channels)
#define MAX_PLANE(buffer, outputs, channels) PLANE(buffer, outputs, channels)
#define AVG_PLANE(buffer, outputs, channels) PLANE(buffer, outputs, channels)
#endif

// The greatest of the cells that were seen, in whatever order; -1 before any.
typedef struct {
  BITS key;
  int cell;
} Best;

// A cell's number, on its way into a sum.
static inline C seen(Best *best, C number, int cell) {
  const BITS key = key_of(number);
  if (better(key, cell, best->key, best->cell)) {
    best->key = key;
    best->cell = cell;
  }
  return number;
}

// What the output of a region is mixed from; meaningless if the region is empty.
typedef struct {
  C max, avg, divisor;
  int cell;
} Parts;

static inline Parts parts_of(__global const T *plane, Box region, int8 d, int8 h, int8 w,
                             uint channels) {
  Best best = {LEAST_KEY, -1};
  C sum;
  SUM_OVER(sum, cell, region, seen(&best, LOAD(plane, CELL_OFFSET(cell, channels)), cell));
  Parts parts;
  parts.max = value_of(best.key);
  parts.cell = best.cell;
  parts.divisor = TO_C(divisor_of(d, h, w, region.d, region.h, region.w, 1));
  parts.avg = divide(sum, parts.divisor);
  return parts;
}

// How much is taken of the maximum, and how much of the average.
typedef struct {
  C max, avg;
} Shares;

#if MIXTURE == MIX_GATED
// Which tap of an output's window a position is, along one axis.
static inline int tap_along(int8 axis, int position, int output) {
  return (position + axis.s4 - output * axis.s3) / axis.s6;
}

// The same for a cell of a plane.
static inline int tap_of(int8 d, int8 h, int8 w, int cell, int output) {
  const int td = tap_along(d, cell / w.s0 / h.s0, output / w.s1 / h.s1);
  const int th = tap_along(h, cell / w.s0 % h.s0, output / w.s1 % h.s1);
  return (td * h.s2 + th) * w.s2 + tap_along(w, cell % w.s0, output % w.s1);
}

// The cell at a tap of an output's window along one axis, -1 in the padding.
static inline int cell_along(int8 axis, int tap, int output) {
  const int cell = output * axis.s3 - axis.s4 + tap * axis.s6;
  return cell >= 0 && cell < axis.s0 ? cell : -1;
}

static inline Shares shares_of(__global const C *weights, __global const T *plane, Box region, int8 h,
                               int8 w, uint channels) {
  C dot;  // i_, j_ and k_ number the taps
  SUM_OVER(dot, cell, region,
           weights[(i_ * h.s2 + j_) * w.s2 + k_] * LOAD(plane, CELL_OFFSET(cell, channels)));
  Shares shares;
  shares.max = exact_sigmoid(dot);
  shares.avg = (C)1 - shares.max;
  return shares;
}
#define SHARES(plane, region, h, w, channels, own_weights) \
  shares_of(WEIGHTS(channels, own_weights), plane, region, h, w, channels)
#elif MIXTURE == MIX_ALPHA
static inline Shares shares_of(C alpha) {
  Shares shares = {alpha, (C)1 - alpha};
  return shares;
}
#define SHARES(plane, region, h, w, channels, own_weights) \
  shares_of(WEIGHTS(channels, own_weights)[0])
#else
static inline Shares fixed_shares(void) {
  Shares shares = {SHARE_OF_MAX, SHARE_OF_AVG};
  return shares;
}
#define SHARES(plane, region, h, w, channels, own_weights) fixed_shares()
#endif

__kernel void mix_pool_forward(__global const T *restrict x, WEIGHTS_PARAMETER __global T *restrict y,
#if MIXTURE == MIX_RANDOM
                               const uint4 key,
#if CHOICE
                               __global int *restrict choice,
#endif
#endif
                               GEOMETRY, const int own_weights) {
  BEGIN_OUTPUT(output, region);
  __global const T *plane = PLANE(x, inputs, channels);
  const ulong at_output = CELL_OFFSET(output, OUTPUT_CHANNELS(channels));
  const bool empty = is_empty(region);
  const Parts parts = parts_of(plane, region, d, h, w, channels);
#if MIXTURE == MIX_CAT
  STORE(MAX_PLANE(y, outputs, channels), at_output, empty ? (C)0 : parts.max);
  STORE(AVG_PLANE(y, outputs, channels), at_output, empty ? (C)0 : parts.avg);
#elif MIXTURE == MIX_RANDOM
  const bool maximum = philox_uniform(key, PLANES_STREAM, PLANE_NUMBER(channels)) < 0.5f;
  STORE(PLANE(y, outputs, channels), at_output, empty ? (C)0 : maximum ? parts.max : parts.avg);
#if CHOICE
  if (output == 0) choice[PLANE_NUMBER(channels)] = maximum ? 1 : 0;
#endif
#else
  const Shares shares = SHARES(plane, region, h, w, channels, own_weights);
  const C mixed = (shares.max * parts.max) + (shares.avg * parts.avg);
  STORE(PLANE(y, outputs, channels), at_output, empty ? (C)0 : mixed);
#endif
}

// What each output gives to the gradients: which cell has the maximum, what that gets, what every cell gets
// by the average, and what alpha, or the argument of the sigmoid, gets.
__kernel void mix_pool_statistics(__global const T *restrict x, WEIGHTS_PARAMETER
                             __global const T *restrict grad_output,
#if MIXTURE == MIX_RANDOM
                             __global const int *restrict choice,
#endif
                             __global int *restrict selected,
                             __global C *restrict of_max, __global C *restrict of_avg,
#if MIXTURE == MIX_ALPHA || MIXTURE == MIX_GATED
                             __global C *restrict of_shares,
#endif
                             GEOMETRY, const int own_weights) {
  BEGIN_OUTPUT(output, region);
  __global const T *plane = PLANE(x, inputs, channels);
  const ulong at_output = CELL_OFFSET(output, channels);
  const Parts parts = parts_of(plane, region, d, h, w, channels);
  const ulong output_of_gradient = CELL_OFFSET(output, OUTPUT_CHANNELS(channels));
  C gradient_of_max = LOAD(MAX_PLANE(grad_output, outputs, channels), output_of_gradient);
  C gradient_of_avg = LOAD(AVG_PLANE(grad_output, outputs, channels), output_of_gradient);
  int cell = parts.cell;
#if MIXTURE == MIX_RANDOM
  if (choice[PLANE_NUMBER(channels)] != 0)
    gradient_of_avg = SKIPPED;
  else
    cell = -1;
#elif MIXTURE != MIX_CAT
  const Shares shares = SHARES(plane, region, h, w, channels, own_weights);
#if MIXTURE == MIX_ALPHA
  const C slope = gradient_of_max;
#elif MIXTURE == MIX_GATED
  const C slope = gradient_of_max * (shares.max * shares.avg);
#endif
#if MIXTURE != MIX_WEIGHTED
  PLANE(of_shares, outputs, channels)[at_output] =
      is_empty(region) ? SKIPPED : slope * (parts.max - parts.avg);
#endif
  gradient_of_max = shares.max * gradient_of_max;
  gradient_of_avg = shares.avg * gradient_of_avg;
#endif
  PLANE(selected, outputs, channels)[at_output] = cell;
  PLANE(of_max, outputs, channels)[at_output] = gradient_of_max;
  PLANE(of_avg, outputs, channels)[at_output] = divide(gradient_of_avg, parts.divisor);
}

// Gathers from the outputs that cover the cell: in one plain running sum from those that selected it,
// from all of them for the average.
__kernel void mix_pool_backward(WEIGHTS_PARAMETER __global const int *restrict selected,
                                __global const C *restrict of_max, __global const C *restrict of_avg,
#if MIXTURE == MIX_ALPHA || MIXTURE == MIX_GATED
                                __global const C *restrict of_shares,
#endif
                                __global T *restrict grad_input, GEOMETRY, const int own_weights) {
  BEGIN_CELL(cell, covering);
  __global const int *cells_of_plane = PLANE(selected, outputs, channels);
  __global const C *max_of_plane = PLANE(of_max, outputs, channels);
  __global const C *avg_of_plane = PLANE(of_avg, outputs, channels);
  C by_max = (C)0, by_avg;
  FOR_EACH_POSITION(output, covering)
    if (cells_of_plane[CELL_OFFSET(output, channels)] == cell)
      by_max += max_of_plane[CELL_OFFSET(output, channels)];
  SUM_OVER(by_avg, output, covering, avg_of_plane[CELL_OFFSET(output, channels)]);
  C sum = by_max + without_negative_zero(by_avg);
#if MIXTURE == MIX_GATED
  __global const C *shares_of_plane = PLANE(of_shares, outputs, channels);
  __global const C *of_channel = WEIGHTS(channels, own_weights);
  C by_shares;
  SUM_OVER(by_shares, output, covering,
           shares_of_plane[CELL_OFFSET(output, channels)] *
               of_channel[tap_of(d, h, w, cell, output)]);
  sum += without_negative_zero(by_shares);
#endif
  store_gradient(PLANE(grad_input, inputs, channels), CELL_OFFSET(cell, channels), sum);
}

#if MIXTURE == MIX_GATED
// What the columns of outputs give to the gradient of each weight: work-items as in lib/planes.clh, in place
// of cells (tap, column). Taps in the padding give nothing.
__kernel void mix_pool_columns(__global const T *restrict x, __global const C *restrict of_shares,
                               __global C *restrict columns, GEOMETRY, const int own_weights) {
  const int taps_of_window = d.s2 * h.s2 * w.s2;
  if (OUT_OF_RANGE((uint)taps_of_window * w.s1, channels, planes)) return;
  const int tap = CELL / w.s1, column = CELL % w.s1;
  const int cell_w = cell_along(w, tap % w.s2, column);
  __global const T *plane = PLANE(x, (uint)d.s0 * h.s0 * w.s0, channels);
  __global const C *terms = PLANE(of_shares, (uint)d.s1 * h.s1 * w.s1, channels);
  Sum over_d = sum_after(0);
  for (int i = 0; i < d.s1; i++) {
    const int cell_d = cell_along(d, tap / w.s2 / h.s2, i);
    Sum over_h = sum_after(0);
    for (int j = 0; j < h.s1; j++) {
      const int cell_h = cell_along(h, tap / w.s2 % h.s2, j);
      const bool inside = cell_d >= 0 && cell_h >= 0 && cell_w >= 0;
      const int cell = inside ? (cell_d * h.s0 + cell_h) * w.s0 + cell_w : 0;
      const C term = terms[CELL_OFFSET((i * h.s1 + j) * w.s1 + column, channels)];
      sum_add(&over_h, inside ? term * LOAD(plane, CELL_OFFSET(cell, channels)) : SKIPPED);
    }
    sum_add(&over_d, sum_end(&over_h));
  }
  columns[PLANE_NUMBER(channels) * taps_of_window * w.s1 + CELL] = sum_end(&over_d);
}
#endif
