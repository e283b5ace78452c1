// Average and sum of whole planes on a CPU: a work-item takes some planes one after the other.
// docs/semantics.md, 2.2 and 5.
//
// Macros (defaults): TYPE (FLOAT32), DIVISION (NATIVE_DIVISION), DIVISOR (CELLS).
// Arguments: the buffers; depth, height and width, at most 4096 each; the number of planes, of planes
//   per work-item, and of elements of x; the divisor. Work-items: one for some planes.
#include "lib/whole_planes.clh"
#include "lib/regions.clh"
#include "lib/divisors.clh"

#define BLOCK 64
#define SKIPPED ((C)-0.0f)

// The sums of eight columns of a slice: in blocks of 64, and those summed.
static inline VC over_h(__global const T *x, ulong offset, int height, int width, ulong elements) {
  VC sum = SKIPPED;
  for (int start = 0; start < height; start += BLOCK) {
    VC block = SKIPPED;
    const int end = min(start + BLOCK, height);
    for (int j = start; j < end; j++, offset += width) block += load_inside(x, offset, elements);
    sum += block;
  }
  return sum;
}

__kernel void avg_pool_global_forward(__global const T *restrict x, __global T *restrict y,
                                      const int depth, const int height, const int width,
                                      const long planes, const int planes_per_item,
                                      const long elements, const int divisor) {
  const long first = (long)get_global_id(0) * planes_per_item;
  const long end = min(first + planes_per_item, planes);
  const int slice = height * width;
  for (long plane = first; plane < end; plane++) {
    const ulong start = (ulong)plane * depth * slice;
    C sum = SKIPPED, block = SKIPPED;
    for (int k = 0; k < width; k += LANES) {
      VC over_d = SKIPPED, block_d = SKIPPED;
      for (int i = 0; i < depth; i++) {
        block_d += over_h(x, start + (ulong)i * slice + k, height, width, elements);
        if ((i + 1) % BLOCK == 0) {
          over_d += block_d;
          block_d = SKIPPED;
        }
      }
      C columns[LANES];
      store8(over_d + block_d, columns);
      for (int i = 0; i < min(LANES, width - k); i++) block += columns[i];
      if ((k + LANES) % BLOCK == 0) {
        sum += block;
        block = SKIPPED;
      }
    }
    STORE(y, plane, averaged(sum + block, divisor));
  }
}
