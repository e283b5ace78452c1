// 12 * sigmoid(z), the gate before importance pooling, element by element; and its gradient.
// docs/semantics.md, section 5, importance().
//
// Macros (defaults): TYPE (FLOAT32), DIVISION (NATIVE_DIVISION), ACCUMULATE (0).
// Arguments: the buffers; the number of elements.
#include "lib/types.clh"
#include "lib/exact_math.clh"
#include "lib/gradients.clh"

__kernel void soft_gate_forward(__global const T *restrict z, __global T *restrict y,
                                const ulong elements) {
  const ulong i = get_global_id(0);
  if (i < elements) STORE(y, i, (C)12 * exact_sigmoid(LOAD(z, i)));
}

__kernel void soft_gate_backward(__global const T *restrict z, __global const T *restrict grad_output,
                                 __global T *restrict grad_input, const ulong elements) {
  const ulong i = get_global_id(0);
  if (i >= elements) return;
  const C s = exact_sigmoid(LOAD(z, i));
  store_gradient(grad_input, i, ((LOAD(grad_output, i) * (C)12) * s) * ((C)1 - s));
}
