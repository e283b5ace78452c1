// Maximum and minimum of whole planes on a CPU: a work-item takes some planes one after the other.
// docs/semantics.md, 2.4 and 5.
//
// Macros (defaults): TYPE (FLOAT32), MINIMUM (0).
// Arguments: the buffers; depth, height and width; the number of planes, of planes per work-item, and
//   of elements of x. Work-items: one for some planes.
#include "lib/whole_planes.clh"

__kernel void max_pool_global_forward(__global const T *restrict x, __global T *restrict y,
                                      const int depth, const int height, const int width,
                                      const long planes, const int planes_per_item,
                                      const long elements) {
  const long first = (long)get_global_id(0) * planes_per_item;
  const long end = min(first + planes_per_item, planes);
  const int rows = depth * height;
  const VBITS lane = (VBITS)(0, 1, 2, 3, 4, 5, 6, 7);
  for (long plane = first; plane < end; plane++) {
    VBITS best = LEAST_KEY;
    for (int k = 0; k < width; k += LANES) {
      VBITS columns = LEAST_KEY;
      ulong offset = (ulong)plane * rows * width + k;
      for (int j = 0; j < rows; j++, offset += width)
        columns = max(columns, keys_of(load_inside(x, offset, elements)));
      best = max(best, select((VBITS)LEAST_KEY, columns, lane < (VBITS)(width - k)));
    }
    BITS keys[LANES];
    store8(best, keys);
    for (int i = 1; i < LANES; i++) keys[0] = max(keys[0], keys[i]);
    STORE(y, plane, value_of(keys[0]));
  }
}
