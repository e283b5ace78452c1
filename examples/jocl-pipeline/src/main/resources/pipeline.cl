// A camera's frame, drawn: noise from a hash, the same on the device and in Java.
kernel void draw(global float *frame, uint number) {
  uint hash = (uint)get_global_id(0) * 2654435761u + number * 40503u;
  hash = (hash ^ (hash >> 15)) * 2246822519u;
  hash = (hash ^ (hash >> 13)) * 3266489917u;
  frame[get_global_id(0)] = (float)(hash >> 8) * 0x1p-24f;
}

// How many cells of the frame are bright.
kernel void count(global const float *frame, float bright, global int *counts, uint number) {
  if (frame[get_global_id(0)] >= bright) {
    atomic_inc(&counts[number]);
  }
}
