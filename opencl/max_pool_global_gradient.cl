// Gradient of selections of whole planes on a CPU: zeros, and the gradient where it was selected. An index that is
// no cell selects nothing. docs/semantics.md, 5.
//
// A kernel of its own, since disjoint_selection_gradient.cl takes 16 times as long, max_pool_scatter.cl 2.5 times:
// they ask each cell, or look for rows of outputs, where a plane has one.
//
// Macros (defaults): TYPE (FLOAT32).
// Arguments: the buffers; the number of cells of a plane, at least 1; the number of planes, and of planes
//   per work-item. Work-items: one for some planes.
#include "lib/types.clh"
#include "lib/whole_vectors.clh"
#include "lib/gradients.clh"
#include "lib/filled_planes.clh"
#include "lib/row_starts.clh"

__kernel void max_pool_global_gradient_backward(__global const T *restrict grad_output,
                                                __global const int *restrict indices,
                                                __global T *restrict grad_input, const int size,
                                                const long planes, const int planes_per_item) {
  const long first = (long)get_global_id(0) * planes_per_item;
  const long end = min(first + planes_per_item, planes);
  for (long plane = first; plane < end; plane++) {
    __global T *restrict to = grad_input + ROW_START(plane, 1, 0, size);
    fill_plane(to, size, (T)0);
    if ((uint)indices[plane] < (uint)size)
      STORE(to, indices[plane], without_negative_zero(LOAD(grad_output, plane)));
  }
}
