// Gradient of average and sum of whole planes on a CPU: all cells of a plane have the same.
// docs/semantics.md, 2.2 and 5.
//
// A kernel of its own, since disjoint_gradient.cl takes 11 times as long: it finds the output of each cell, where a
// plane has one number.
//
// Macros (defaults): TYPE (FLOAT32), DIVISION (NATIVE_DIVISION), DIVISOR (CELLS).
// Arguments: the buffers; the number of cells of a plane, at least 1; the number of planes, and of planes
//   per work-item; the divisor. Work-items: one for some planes.
#include "lib/types.clh"
#include "lib/whole_vectors.clh"
#include "lib/regions.clh"
#include "lib/divisors.clh"
#include "lib/gradients.clh"
#include "lib/filled_planes.clh"
#include "lib/row_starts.clh"

__kernel void avg_pool_global_gradient_backward(__global const T *restrict grad_output,
                                                __global T *restrict grad_input, const int size,
                                                const long planes, const int planes_per_item,
                                                const int divisor) {
  const long first = (long)get_global_id(0) * planes_per_item;
  const long end = min(first + planes_per_item, planes);
  for (long plane = first; plane < end; plane++)
    fill_plane(grad_input + ROW_START(plane, 1, 0, size), size,
               NARROW(without_negative_zero(averaged(LOAD(grad_output, plane), divisor))));
}
