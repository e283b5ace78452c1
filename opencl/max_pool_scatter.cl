// Gradient of selections over any regions on a CPU: a work-item clears a plane, then adds each output's
// gradient to the cell that it selected, in ascending order. docs/semantics.md, 5.
//
// Macros (defaults): TYPE (FLOAT32, or FLOAT64: sums are kept in the result itself).
// Arguments: the buffers; the number of cells of a plane of the input and of the output; the number of
//   planes. Work-items: planes.
#include "lib/types.clh"

__kernel void max_pool_scatter_backward(__global const T *restrict grad_output,
                                        __global const int *restrict indices,
                                        __global T *restrict grad_input, const int inputs,
                                        const int outputs, const uint planes) {
  const ulong plane = get_global_id(0);
  if (plane >= planes) return;
  __global const T *gradient = grad_output + plane * outputs;
  __global const int *selected = indices + plane * outputs;
  __global T *sums = grad_input + plane * inputs;
  for (int cell = 0; cell < inputs; cell++) sums[cell] = (T)0;
  for (int output = 0; output < outputs; output++) {
    const int cell = selected[output];
    // -1 and whatever else is no cell of the plane.
    if ((uint)cell < (uint)inputs) sums[cell] += gradient[output];
  }
}
