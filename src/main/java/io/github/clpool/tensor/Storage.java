package io.github.clpool.tensor;

import java.nio.Buffer;

/**
 * The memory behind a tensor, made and understood by one backend.
 *
 * <p>Buffers that are passed have the element type of the storage: {@code FloatBuffer}, {@code
 * DoubleBuffer}, {@code IntBuffer}, and {@code ShortBuffer} for the two half types; heap or direct,
 * direct ones in native byte order. Reads wait for everything that was asked of the backend before.
 */
public interface Storage extends AutoCloseable {
  /**
   * Who made this storage; tensors of different owners do not mix.
   *
   * @return the owner, compared by identity
   */
  Object owner();

  /**
   * Fills the storage.
   *
   * @param source as many elements as the storage has, from its position on; the position moves
   */
  void write(Buffer source);

  /**
   * Copies the storage out.
   *
   * @param target room for as many elements as the storage has, from its position on; the position
   *     moves
   */
  void read(Buffer target);

  /**
   * Whether an element belongs to both storages.
   *
   * @param other another storage
   * @return true if writing one could change the other
   */
  default boolean overlaps(Storage other) {
    return this == other;
  }

  /** Frees the memory once pending work is done. Called at most once. */
  @Override
  void close();
}
