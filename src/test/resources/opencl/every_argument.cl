// Takes one argument of each kind and adds them all up, for the tests of the runtime.

kernel void gather(global const float *restrict x, global float *restrict sums, const int a,
                   const long b, const int8 c, global const int *restrict table, const ulong4 key) {
  const int i = (int)get_global_id(0);
  if (i >= 4) return;
  sums[i] = x[i] + a + (float)b + c.s0 + c.s7 + table[0] + table[2] + (uint)key.s0 + 2 * (uint)(key.s0 >> 32) +
            4 * (uint)key.s1 + 8 * (uint)(key.s1 >> 32) + 16 * (uint)key.s2;
}

// Reverses a work-group by local memory, and reports the first position whose value is negative.
kernel void reverse(global const float *restrict sums, global float *restrict y,
                    global uint *restrict fault) {
  local float shared[GROUP];
  const int i = (int)get_local_id(0);
  const float value = sums[i];
  shared[i] = value;
  barrier(CLK_LOCAL_MEM_FENCE);
  y[i] = shared[GROUP - 1 - i];
  if (value < 0) atomic_min(fault, (uint)i);
}
