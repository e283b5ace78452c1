// Gradient of average and sum over any regions on a CPU: a work-item takes rows of cells one after the
// other. The sums down the columns of the outputs that cover a row are made once for all its cells, and
// kept for the next row if the same outputs cover that. docs/semantics.md, 2.2, 4 and 5. At most 64
// terms along an axis.
//
// A kernel of its own, since direct_gradient.cl takes 6 times as long for adaptive regions: it adds up what covers
// each cell anew.
//
// Macros (defaults): TYPE (FLOAT32), DIVISION (NATIVE_DIVISION), DIVISOR (CELLS), ACCUMULATE (0), KIND_D, KIND_H and
//   KIND_W of lib/regions.clh.
//   CAPACITY  1024 (default): at least the width of the input and of the output
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); the number of planes and
//   of rows (all depths) per work-item; the divisor of DIVISOR FIXED. Work-items: (group of rows, plane).
#define LONG_SUMS 0
#include "lib/types.clh"
#include "lib/regions.clh"
#include "lib/divisors.clh"
#include "lib/gradients.clh"
#include "lib/sums.clh"

#ifndef CAPACITY
#define CAPACITY 1024
#endif

static inline bool same(Line a, Line b) { return a.origin == b.origin && a.end == b.end; }

__kernel void avg_pool_covers_backward(__global const T *restrict grad_output,
                                       __global T *restrict grad_input, const Axis d_given,
                                       const Axis h_given, const Axis w_given,
                                       __global const int *restrict tables, const uint planes,
                                       const int rows_per_item, const int fixed_divisor) {
  Axis d = d_given, h = h_given, w = w_given;
  KNOW_KINDS(d, h, w);
  const ulong plane = get_global_id(1);
  const int first = (int)get_global_id(0) * rows_per_item;
  const int end = min(first + rows_per_item, d.size * h.size);
  if (plane >= planes || first >= end) return;
  __global const T *gradient = grad_output + plane * d.outputs * h.outputs * w.outputs;
  __global T *result = grad_input + plane * d.size * h.size * w.size;
  C columns[CAPACITY];
  int origins[CAPACITY], ends[CAPACITY];
  int step = 1;
  for (int cell = 0; cell < w.size; cell++) {
    const Line cw = covers(w, tables, cell);
    origins[cell] = cw.origin;
    ends[cell] = cw.end;
    step = cw.step;
  }
  Line last_d, last_h;
  for (int row = first; row < end; row++) {
    const Line cd = covers(d, tables, row / h.size), ch = covers(h, tables, row % h.size);
    if (row == first || !same(cd, last_d) || !same(ch, last_h)) {
      for (int output = 0; output < w.outputs; output++) {
        const Line tw = taps(w, tables, output);
        C over_d = SKIPPED;
        for (int i = 0; i < cd.end; i++) {
          const Line td = taps(d, tables, at(cd, i));
          C over_h = SKIPPED;
          for (int j = 0; j < ch.end; j++) {
            const Line th = taps(h, tables, at(ch, j));
            const int from = (at(cd, i) * h.outputs + at(ch, j)) * w.outputs + output;
            over_h += averaged(LOAD(gradient, from), divisor_of(d, h, w, td, th, tw, fixed_divisor));
          }
          over_d += over_h;
        }
        columns[output] = over_d;
      }
      last_d = cd;
      last_h = ch;
    }
    __global T *to = result + (ulong)row * w.size;
    for (int cell = 0; cell < w.size; cell++) {
      C sum = SKIPPED;
      for (int k = 0; k < ends[cell]; k++) sum += columns[origins[cell] + k * step];
      store_gradient(to, cell, sum);
    }
  }
}
