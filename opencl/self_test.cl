// What a device makes of float and double arithmetic, for the host to compare with its own:
// docs/semantics.md, sections 2.1, 2.3 and 2.7; of the high half of products, too. Operands and results travel as bits, so that
// only the operations themselves are tested.
//
// Macros:
//   HAS_DOUBLE  1 where the device claims fp64, else 0 (default)
//   LOOP_STEPS  100000 (default): how long self_test_loop loops
//
// Arguments of self_test and self_test_double: operands a, b and c; results, a row of n for each
//   operation; n. Of self_test_loop: its result; 1, the number of results.
#pragma OPENCL FP_CONTRACT OFF

#ifndef HAS_DOUBLE
#define HAS_DOUBLE 0
#endif

#ifndef LOOP_STEPS
#define LOOP_STEPS 100000
#endif

#if HAS_DOUBLE
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif

kernel void self_test(global const uint *restrict a, global const uint *restrict b,
                      global const uint *restrict c, global uint *restrict results,
                      const int n) {
  const int i = (int)get_global_id(0);
  if (i >= n) return;
  const float x = as_float(a[i]);
  const float y = as_float(b[i]);
  const float z = as_float(c[i]);
  results[i] = as_uint(x / y);
  results[n + i] = as_uint(sqrt(x));
  results[2 * n + i] = as_uint(fma(x, y, z));
  results[3 * n + i] = as_uint(x + y);
  results[4 * n + i] = as_uint(x - y);
  results[5 * n + i] = as_uint(x * y);
  results[6 * n + i] = as_uint(x * y + z);
  const float2 pair = (float2)(x, x) * (float2)(y, y) + (float2)(z, -z);
  results[7 * n + i] = as_uint(pair.x);
  results[8 * n + i] = as_uint(pair.y);
  results[9 * n + i] = (x < y ? 1 : 0) + (x == y ? 2 : 0);
  results[10 * n + i] = mul_hi(a[i], b[i]);
  results[11 * n + i] = (uint)((ulong)a[i] * b[i] >> 32);
#if HAS_DOUBLE
  results[12 * n + i] = as_uint(convert_float_rte((double)x / (double)y));
  results[13 * n + i] = as_uint(convert_float_rte(sqrt((double)x)));
#endif
}

#if HAS_DOUBLE
kernel void self_test_double(global const ulong *restrict a, global const ulong *restrict b,
                             global const ulong *restrict c, global ulong *restrict results,
                             const int n) {
  const int i = (int)get_global_id(0);
  if (i >= n) return;
  const double x = as_double(a[i]);
  const double y = as_double(b[i]);
  const double z = as_double(c[i]);
  results[i] = as_ulong(x / y);
  results[n + i] = as_ulong(sqrt(x));
  results[2 * n + i] = as_ulong(fma(x, y, z));
  results[3 * n + i] = as_ulong(x + y);
  results[4 * n + i] = as_ulong(x - y);
  results[5 * n + i] = as_ulong(x * y);
  results[6 * n + i] = as_ulong(x * y + z);
  const double2 pair = (double2)(x, x) * (double2)(y, y) + (double2)(z, -z);
  results[7 * n + i] = as_ulong(pair.x);
  results[8 * n + i] = as_ulong(pair.y);
  results[9 * n + i] = (x < y ? 1 : 0) + (x == y ? 2 : 0);
}
#endif

// Steps of a full-period sequence, from whose end the host reads how many of them were done: some
// devices end a work-item's loops early.
kernel void self_test_loop(global uint *restrict result, const int n) {
  uint state = 0;
  for (int i = 0; i < LOOP_STEPS; i++) state = state * 1664525u + 1013904223u;
  if ((int)get_global_id(0) < n) *result = state;
}
