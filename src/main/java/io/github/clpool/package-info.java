/**
 * Pooling on any OpenCL device or on the JVM, with the same bits everywhere: what a user imports.
 *
 * <pre>{@code
 * try (Pooling pooling = Pooling.open();
 *     Tensor x = pooling.tensor(Shape.of(32, 64, 112, 112), floats);
 *     Tensor y = pooling.run(Pool.max().over(Regions.window(3).stride(2).padding(1)), x)) {
 *   float[] pooled = y.toFloats();
 * }
 * }</pre>
 */
package io.github.clpool;
