package io.github.clpool.tensor;

import java.nio.Buffer;
import java.util.Optional;

/**
 * The memory behind a tensor, made and understood by one backend.
 *
 * <p>Buffers that are passed have the element type of the storage: {@code FloatBuffer}, {@code
 * DoubleBuffer}, {@code IntBuffer}, and {@code ShortBuffer} for the two half types; heap or direct,
 * in native byte order. Reads wait for everything that was asked of the backend before, and throw
 * what kernels found wrong in the calls that the elements were computed by.
 */
public abstract class Storage implements AutoCloseable {
  private final Object owner;
  private final DataType type;
  private final long elements;

  /**
   * Says what it holds.
   *
   * @param owner who makes it
   * @param type the type of the elements
   * @param elements the number of elements
   */
  protected Storage(Object owner, DataType type, long elements) {
    this.owner = Require.present("owner", owner);
    this.type = Require.present("type", type);
    this.elements = elements;
  }

  /**
   * Who made this storage; tensors of different owners do not mix.
   *
   * @return the owner, compared by identity
   */
  public final Object owner() {
    return owner;
  }

  /**
   * The type of the elements.
   *
   * @return the type
   */
  public final DataType type() {
    return type;
  }

  /**
   * The number of elements.
   *
   * @return the number
   */
  public final long elements() {
    return elements;
  }

  /**
   * Fills a part of the storage.
   *
   * @param first the first element that is replaced
   * @param source the elements, from its position on; the position moves
   * @throws IllegalArgumentException as {@link Buffers#checkSource}
   * @throws IllegalStateException if the storage is closed
   */
  public abstract void write(long first, Buffer source);

  /**
   * Copies a part of the storage out.
   *
   * @param first the first element that is copied
   * @param target room for the elements, from its position on; the position moves
   * @throws IllegalArgumentException as {@link Buffers#checkTarget}
   * @throws IllegalStateException if the storage is closed
   */
  public abstract void read(long first, Buffer target);

  /**
   * Copies all elements into another storage, by way of the host unless both can do better.
   *
   * @param target another storage of the same type, with as many elements, none of them in both
   * @throws IllegalStateException if one of them is closed
   */
  public void copyTo(Storage target) {
    Buffers.copy(this, 0, Require.present("target", target));
  }

  /**
   * Consecutive elements as a storage of their own, without a copy: the memory is freed once this
   * and all its parts are closed.
   *
   * @param first the first element of the part
   * @param elements how many, none beyond the last of this
   * @return the part
   * @throws UnsupportedOperationException if this backend makes no parts
   * @throws IllegalStateException if the storage is closed
   */
  public Storage part(long first, long elements) {
    throw new UnsupportedOperationException("tensors of this backend have no parts");
  }

  /**
   * Whether an element belongs to both storages.
   *
   * @param other another storage
   * @return true if writing one could change the other
   */
  public boolean overlaps(Storage other) {
    return this == other;
  }

  /**
   * What the content waits for: everything that was asked of the backend before.
   *
   * @return the completion, to be closed by the caller
   * @throws IllegalStateException if the storage is closed
   */
  public Completion ready() {
    return Completion.done(Optional.empty());
  }

  /** Frees the memory once pending work is done. Called at most once. */
  @Override
  public abstract void close();
}
