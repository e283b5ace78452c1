/**
 * Tensors: shapes, memory layouts, element types and the handles that own memory.
 *
 * <p>Nothing here knows a backend: a {@link io.github.clpool.tensor.Tensor} holds a {@link
 * io.github.clpool.tensor.Storage} that some backend made.
 */
package io.github.clpool.tensor;
