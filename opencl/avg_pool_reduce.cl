// Average and sum of large regions: one work-group per output; its work-items sum neighbouring
// columns, the first of them sums the columns. docs/semantics.md, 2.2, 4 and 5.
//
// Macros (defaults): TYPE (FLOAT32), DIVISION (NATIVE_DIVISION), DIVISOR (CELLS), LONG_SUMS (1).
//   Layout NCHW.
// Arguments: the buffers; the axes d, h, w and their tables (lib/regions.clh); the divisor of DIVISOR
//   FIXED; a number of local memory for each work-item. Work-groups: (output, plane).
#include "lib/types.clh"
#include "lib/regions.clh"
#include "lib/sums.clh"
#include "lib/divisors.clh"

__kernel void avg_pool_reduce_forward(__global const T *restrict x, __global T *restrict y,
                                      const int8 d, const int8 h, const int8 w,
                                      __global const int *restrict tables, const int fixed_divisor,
                                      __local C *columns) {
  const int item = (int)get_local_id(0);
  const int items = (int)get_local_size(0);
  const int output = (int)get_group_id(0);
  const ulong plane_number = get_group_id(1);
  const Line td = taps(d, tables, output / w.s1 / h.s1);
  const Line th = taps(h, tables, output / w.s1 % h.s1);
  const Line tw = taps(w, tables, output % w.s1);
  __global const T *plane = x + plane_number * ((uint)d.s0 * h.s0 * w.s0);
  Sum over_w = sum_after(tw.first);
  for (int start = tw.first; start < tw.end; start += items) {
    const int k = start + item;
    if (k < tw.end) {
      Sum over_d = sum_after(td.first);
      for (int i = td.first; i < td.end; i++) {
        const int slice = at(td, i) * h.s0;
        Sum over_h = sum_after(th.first);
        for (int j = th.first; j < th.end; j++)
          sum_add(&over_h, LOAD(plane, (slice + at(th, j)) * w.s0 + at(tw, k)));
        sum_add(&over_d, sum_end(&over_h));
      }
      columns[item] = sum_end(&over_d);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    if (item == 0)
      for (int i = 0; i < items && start + i < tw.end; i++) sum_add(&over_w, columns[i]);
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  if (item == 0) {
    const bool empty = cells(td) == 0 || cells(th) == 0 || cells(tw) == 0;
    const C result =
        empty ? (C)0 : averaged(sum_end(&over_w), divisor_of(d, h, w, td, th, tw, fixed_divisor));
    STORE(y, plane_number * ((uint)d.s1 * h.s1 * w.s1) + output, result);
  }
}
