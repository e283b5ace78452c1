// The random words of neighbouring elements as two halves each, and as uniform numbers, for the test of
// lib/philox.clh. Work-items: one per element.
#include "lib/types.clh"
#include "lib/philox.clh"

__kernel void philox_uniform_forward(__global float *restrict y, const uint4 key, const int stream,
                                     const long first, const int elements) {
  const int i = (int)get_global_id(0);
  if (i >= elements) return;
  const uint word = philox_word(key, (uint)stream, (ulong)(first + i));
  y[3 * i] = (float)(word >> 16);
  y[3 * i + 1] = (float)(word & 0xffffu);
  y[3 * i + 2] = (float)philox_uniform(key, (uint)stream, (ulong)(first + i));
}
