// What LeNet needs besides its pools. Planes lie in the order channel, picture, row, column, so that
// a convolution is one product of matrices: weights (outputs x K) times columns (K x P), with a row of
// K for each cell of the kernel and a column for each place of it in the batch.

// A last row of ones gives each output its bias.
kernel void columns(global const float *x, global float *result, int pictures, int height, int width, int size) {
  int oh = height - size + 1, ow = width - size + 1;
  int place = get_global_id(0), row = get_global_id(1);
  int ox = place % ow, oy = place / ow % oh, picture = place / (ow * oh);
  int kx = row % size, ky = row / size % size, channel = row / (size * size);
  bool is_bias = row == get_global_size(1) - 1;
  result[row * get_global_size(0) + place] =
      is_bias ? 1 : x[((channel * pictures + picture) * height + oy + ky) * width + ox + kx];
}

// The gradient of columns: each cell sums those of its copies.
kernel void cells(global const float *grad, global float *result, int pictures, int height, int width, int size) {
  int oh = height - size + 1, ow = width - size + 1;
  int cell = get_global_id(0);
  int ix = cell % width, iy = cell / width % height;
  int picture = cell / (width * height) % pictures, channel = cell / (width * height * pictures);
  float sum = 0;
  for (int ky = max(0, iy - oh + 1); ky <= min(size - 1, iy); ky++) {
    for (int kx = max(0, ix - ow + 1); kx <= min(size - 1, ix); kx++) {
      int row = (channel * size + ky) * size + kx;
      sum += grad[((row * pictures + picture) * oh + iy - ky) * ow + ix - kx];
    }
  }
  result[cell] = sum;
}

kernel void relu(global float *x) {
  x[get_global_id(0)] = max(x[get_global_id(0)], 0.0f);
}

kernel void relu_gradient(global const float *y, global float *grad) {
  if (y[get_global_id(0)] <= 0) {
    grad[get_global_id(0)] = 0;
  }
}

// The gradient of the cross entropy of softmax(scores), averaged over the batch.
kernel void loss_gradient(global const float *scores, global const int *labels, global float *grad, int classes) {
  int picture = get_global_id(0), pictures = get_global_size(0);
  float greatest = -INFINITY, sum = 0;
  for (int k = 0; k < classes; k++) {
    greatest = max(greatest, scores[k * pictures + picture]);
  }
  for (int k = 0; k < classes; k++) {
    sum += exp(scores[k * pictures + picture] - greatest);
  }
  for (int k = 0; k < classes; k++) {
    float probability = exp(scores[k * pictures + picture] - greatest) / sum;
    grad[k * pictures + picture] = (probability - (k == labels[picture])) / pictures;
  }
}

// Gradient descent with momentum.
kernel void learn(global float *weights, global const float *grad, global float *velocity, float rate) {
  int i = get_global_id(0);
  velocity[i] = 0.9f * velocity[i] - rate * grad[i];
  weights[i] += velocity[i];
}

// c (m x n) = a b, or with a (flip_a) or b (flip_b) transposed: where JOCLBlast does not load.
kernel void multiply(global const float *a, global const float *b, global float *c, int length, int flip_a, int flip_b) {
  int column = get_global_id(0), row = get_global_id(1);
  int n = get_global_size(0), m = get_global_size(1);
  float sum = 0;
  for (int k = 0; k < length; k++) {
    sum += a[flip_a ? k * m + row : row * length + k] * b[flip_b ? column * length + k : k * n + column];
  }
  c[row * n + column] = sum;
}
