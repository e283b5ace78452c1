// The random words of neighbouring elements as two halves each, and as uniform numbers, for the test of
// lib/philox.clh and lib/philox_vectors.clh. Work-items: one per element.
#include "lib/types.clh"
#include "lib/vectors.clh"
#include "lib/philox_vectors.clh"

#define ROW 40

__kernel void philox_uniform_forward(__global float *restrict y, const ulong4 key, const int stream,
                                     const long first, const int elements) {
  const int i = (int)get_global_id(0);
  if (i >= elements) return;
  const ulong element = (ulong)(first + i);
  const uint word = philox_word(key, (uint)stream, element);
  C row[ROW + VECTOR_NUMBERS];
  const C *numbers = philox_row(row, key, (uint)stream, element, ROW);
  y[4 * i] = (float)(word >> 16);
  y[4 * i + 1] = (float)(word & 0xffffu);
  y[4 * i + 2] = (float)philox_uniform(key, (uint)stream, element);
  // a row's numbers are those of its elements
  bool same = true;
  for (int j = 0; j < ROW; j++) same &= numbers[j] == philox_uniform(key, (uint)stream, element + j);
  y[4 * i + 3] = same ? (float)numbers[0] : -1.0f;
}
