package io.github.clpool.tensor;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Elements in the memory of one backend, with their shape, layout and type. Must be closed.
 *
 * <p>Arrays and buffers hold the elements in the order of the {@link #layout}. A tensor may be used
 * from any thread, also while it is being read; writing while another thread computes with it gives
 * undefined elements.
 *
 * <p>A tensor that was computed, on a device, from data that only its kernels could find wrong (an
 * index outside its plane, a box, a sample) has no elements to give: every method that copies some
 * out throws what they found.
 */
public final class Tensor implements AutoCloseable {
  private final Shape shape;
  private final Layout layout;
  private final DataType type;
  private final Storage storage;
  private final Producer producer;
  private final Handles.Handle handle;

  /**
   * Wraps storage. For backends; users call {@code Pooling.tensor}.
   *
   * @param shape the shape
   * @param layout the layout
   * @param type the element type of the storage
   * @param storage as many elements as the shape says; owned by the tensor from now on
   * @param producer what computed the elements, or null if the user gave them
   */
  public Tensor(Shape shape, Layout layout, DataType type, Storage storage, Producer producer) {
    this.shape = Require.present("shape", shape);
    this.layout = Require.present("layout", layout);
    this.type = Require.present("type", type);
    this.storage = Require.present("storage", storage);
    this.producer = producer;
    this.handle = Handles.open(this, "tensor " + type + " " + shape, storage::close);
  }

  /**
   * The shape.
   *
   * @return the shape, in logical order whatever the layout
   */
  public Shape shape() {
    return shape;
  }

  /**
   * The order in memory.
   *
   * @return the layout
   */
  public Layout layout() {
    return layout;
  }

  /**
   * The element type.
   *
   * @return the type
   */
  public DataType type() {
    return type;
  }

  /**
   * What computed the elements.
   *
   * @return backend, device and implementation; empty for a tensor that the user filled
   */
  public Optional<Producer> producer() {
    return Optional.ofNullable(producer);
  }

  /**
   * The memory, for backends.
   *
   * @return the storage
   * @throws IllegalStateException if the tensor is closed
   */
  public Storage storage() {
    if (handle.isClosed()) {
      throw new IllegalStateException("tensor " + type + " " + shape + " is closed");
    }
    return storage;
  }

  /**
   * Copies the elements out, widening smaller types exactly and rounding FLOAT64 to nearest.
   *
   * @return a new array in memory order
   * @throws IllegalStateException if the tensor is closed or holds INT32
   */
  public float[] toFloats() {
    float[] floats = new float[count()];
    switch (type) {
      case FLOAT32 -> storage().read(0, FloatBuffer.wrap(floats));
      case FLOAT64 -> {
        double[] doubles = toDoubles();
        for (int i = 0; i < floats.length; i++) {
          floats[i] = (float) doubles[i];
        }
      }
      case FLOAT16 -> {
        short[] bits = toBits();
        for (int i = 0; i < floats.length; i++) {
          floats[i] = Half.toFloat(bits[i]);
        }
      }
      case BFLOAT16 -> {
        short[] bits = toBits();
        for (int i = 0; i < floats.length; i++) {
          floats[i] = BFloat16.toFloat(bits[i]);
        }
      }
      case UINT8, INT8 -> {
        byte[] bytes = toBytes();
        for (int i = 0; i < floats.length; i++) {
          floats[i] = Bytes.toInt(bytes[i], type);
        }
      }
      case INT32 -> throw wrongType("floating point or 8-bit integers");
    }
    return floats;
  }

  /**
   * Copies the elements out, widening exactly.
   *
   * @return a new array in memory order
   * @throws IllegalStateException if the tensor is closed or holds INT32
   */
  public double[] toDoubles() {
    double[] doubles = new double[count()];
    if (type == DataType.FLOAT64) {
      storage().read(0, DoubleBuffer.wrap(doubles));
    } else {
      float[] floats = toFloats();
      Arrays.setAll(doubles, i -> floats[i]);
    }
    return doubles;
  }

  /**
   * Copies the bits of a FLOAT16 or BFLOAT16 tensor out.
   *
   * @return a new array in memory order
   * @throws IllegalStateException if the tensor is closed or of another type
   */
  public short[] toBits() {
    if (type != DataType.FLOAT16 && type != DataType.BFLOAT16) {
      throw wrongType("FLOAT16 or BFLOAT16");
    }
    short[] bits = new short[count()];
    storage().read(0, ShortBuffer.wrap(bits));
    return bits;
  }

  /**
   * Copies the bits of a UINT8 or INT8 tensor out.
   *
   * @return a new array in memory order; elements of UINT8 above 127 are negative in it
   * @throws IllegalStateException if the tensor is closed or of another type
   */
  public byte[] toBytes() {
    if (!type.isByte()) {
      throw wrongType("UINT8 or INT8");
    }
    byte[] bytes = new byte[count()];
    storage().read(0, ByteBuffer.wrap(bytes));
    return bytes;
  }

  /**
   * Copies integers out.
   *
   * @return a new array in memory order
   * @throws IllegalStateException if the tensor is closed or of a floating-point type
   */
  public int[] toInts() {
    if (type.isFloatingPoint()) {
      throw wrongType("INT32, UINT8 or INT8");
    }
    int[] ints = new int[count()];
    if (type.isByte()) {
      byte[] bytes = toBytes();
      Arrays.setAll(ints, i -> Bytes.toInt(bytes[i], type));
    } else {
      storage().read(0, IntBuffer.wrap(ints));
    }
    return ints;
  }

  /**
   * Copies integers out as longs.
   *
   * @return a new array in memory order
   * @throws IllegalStateException if the tensor is closed or of a floating-point type
   */
  public long[] toLongs() {
    return Arrays.stream(toInts()).asLongStream().toArray();
  }

  /**
   * Copies the elements into a buffer; a direct one in native byte order is the fast way.
   *
   * @param target a buffer of the element type (short for the half types, byte for 8-bit integers)
   *     with room for all elements from its position on; the position moves
   * @throws IllegalArgumentException if the buffer's type, byte order or room does not fit, or if
   *     it is read-only
   * @throws IllegalStateException if the tensor is closed
   */
  public void read(Buffer target) {
    Buffers.checkWhole("target", target, type, shape);
    read(0, target);
  }

  /**
   * Copies some of the elements into a buffer, such as those of a tensor that no buffer can hold.
   *
   * @param first the first element, counted in memory order
   * @param target a buffer of the element type (short for the half types, byte for 8-bit integers)
   *     with room for as many as are wanted from its position on; the position moves
   * @throws IllegalArgumentException if the buffer's type, byte order or room does not fit, or if
   *     it is read-only
   * @throws IllegalStateException if the tensor is closed
   */
  public void read(long first, Buffer target) {
    storage().read(first, target);
  }

  /**
   * Replaces the elements.
   *
   * @param source a buffer of the element type (short for the half types, byte for 8-bit integers)
   *     with all elements from its position on; the position moves
   * @throws IllegalArgumentException if the buffer's type, byte order or size does not fit
   * @throws IllegalStateException if the tensor is closed
   */
  public void write(Buffer source) {
    Buffers.checkWhole("source", source, type, shape);
    write(0, source);
  }

  /**
   * Replaces some of the elements.
   *
   * @param first the first element, counted in memory order
   * @param source a buffer of the element type (short for the half types, byte for 8-bit integers)
   *     with as many elements as are replaced from its position on; the position moves
   * @throws IllegalArgumentException if the buffer's type, byte order or size does not fit
   * @throws IllegalStateException if the tensor is closed
   */
  public void write(long first, Buffer source) {
    storage().write(first, source);
  }

  /**
   * Copies the elements into another tensor: within a device without the host, and then returns
   * before it is done; else by way of the host.
   *
   * @param target a tensor of this shape, layout and type, of any device, that shares no elements
   * @throws IllegalArgumentException if the target's shape, layout or type is another, or it shares
   *     elements with this one
   * @throws IllegalStateException if one of them is closed
   */
  public void copyTo(Tensor target) {
    Require.present("target", target);
    Require.that(
        target.shape.equals(shape) && target.layout == layout && target.type == type,
        "target is %s, but must be %s",
        target,
        this);
    Require.that(
        !storage().overlaps(target.storage()),
        "target shares elements with this tensor, but must share none");
    storage().copyTo(target.storage());
  }

  /**
   * A part of the batch, or some rows of an array, without a copy: to write one changes the other.
   * The memory is freed once the tensor and all its parts are closed, in any order. Calls copy what
   * they need of a part where they cannot compute in its place: on the JVM, and on OpenCL devices
   * if it begins where the device wants no kernel to begin (CL_DEVICE_MEM_BASE_ADDR_ALIGN).
   *
   * @param from the first batch position of the part
   * @param count how many positions it has
   * @return the part, to be closed by the caller
   * @throws IllegalArgumentException if the batch has no such positions, or the shape has no batch
   * @throws UnsupportedOperationException if several devices share the tensor
   * @throws IllegalStateException if the tensor is closed
   */
  public Tensor batch(long from, long count) {
    Shape part = shape.withBatch(count);
    long positions = shape.sizes()[0];
    Require.that(
        from >= 0 && from <= positions - count,
        "from is %d and count %d, but must be at least 0 and together at most the %d of %s",
        from,
        count,
        positions,
        shape);
    long each = positions == 0 ? 0 : shape.elements() / positions;
    return new Tensor(part, layout, type, storage().part(from * each, count * each), producer);
  }

  /**
   * What the elements wait for: everything that the device was asked for before this call.
   *
   * @return the completion, to be closed by the caller
   * @throws IllegalStateException if the tensor is closed
   */
  public Completion ready() {
    return storage().ready();
  }

  /** Frees the memory; further calls do nothing. */
  @Override
  public void close() {
    handle.close();
  }

  private int count() {
    long elements = shape.elements();
    if (elements > Integer.MAX_VALUE) {
      throw new IllegalStateException(
          "tensor "
              + shape
              + " has more elements than an array can hold; read it in parts, with a buffer");
    }
    return (int) elements;
  }

  private IllegalStateException wrongType(String wanted) {
    return new IllegalStateException("tensor holds " + type + ", but must hold " + wanted);
  }

  @Override
  public String toString() {
    return type + " " + shape + " " + layout;
  }
}
