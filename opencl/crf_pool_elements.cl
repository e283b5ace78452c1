// CrfPool, element by element: widening what tensors hold, storing results, sums of two matrices.
// docs/semantics.md, 2 and 6.
//
// Macros (defaults): TYPE (FLOAT32), ACCUMULATE (0).
// Arguments: the buffers, the number of elements. Work-items: any number of them share the elements.
#include "lib/types.clh"
#include "lib/gradients.clh"

#define FOR_EACH_ELEMENT(i) for (uint i = get_global_id(0); i < elements; i += get_global_size(0))

__kernel void crf_pool_load(__global const T *restrict from, __global C *restrict to,
                            const uint elements) {
  FOR_EACH_ELEMENT(i) to[i] = LOAD(from, i);
}

__kernel void crf_pool_store(__global const C *restrict from, __global T *restrict to,
                             const uint elements) {
  FOR_EACH_ELEMENT(i) STORE(to, i, from[i]);
}

__kernel void crf_pool_store_gradient(__global const C *restrict from, __global T *restrict to,
                                      const uint elements) {
  FOR_EACH_ELEMENT(i) store_gradient(to, i, from[i]);
}

__kernel void crf_pool_clear(__global C *restrict to, const uint elements) {
  FOR_EACH_ELEMENT(i) to[i] = (C)0;
}

// The target may be an operand.
__kernel void crf_pool_add(__global const C *left, __global const C *right, __global C *to,
                           const uint elements) {
  FOR_EACH_ELEMENT(i) to[i] = left[i] + right[i];
}

__kernel void crf_pool_subtract(__global const C *left, __global const C *right, __global C *to,
                                const uint elements) {
  FOR_EACH_ELEMENT(i) to[i] = left[i] - right[i];
}

__kernel void crf_pool_negate(__global const C *of, __global C *to, const uint elements) {
  FOR_EACH_ELEMENT(i) to[i] = -of[i];
}
