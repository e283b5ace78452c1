package io.github.clpool.tensor;

/** How an element is stored, and what it is computed in. Immutable. */
public enum DataType {
  /** IEEE 754 binary32, computed in float. */
  FLOAT32(4),
  /** IEEE 754 binary64, computed in double. */
  FLOAT64(8),
  /** IEEE 754 binary16, widened exactly on load, computed in float, rounded once on store. */
  FLOAT16(2),
  /** The upper half of a binary32, treated like {@link #FLOAT16}. */
  BFLOAT16(2),
  /** 32-bit integers: flat indices inside a plane, never pooled themselves. */
  INT32(4);

  private final int bytes;

  DataType(int bytes) {
    this.bytes = bytes;
  }

  /**
   * The size of one element.
   *
   * @return the size in bytes
   */
  public int bytes() {
    return bytes;
  }

  /**
   * The type that arithmetic happens in.
   *
   * @return {@link #FLOAT64} for itself, {@link #INT32} for itself, else {@link #FLOAT32}
   */
  public DataType computingType() {
    return this == FLOAT16 || this == BFLOAT16 ? FLOAT32 : this;
  }

  /**
   * Whether tensors of this type can be pooled.
   *
   * @return true for every type but {@link #INT32}
   */
  public boolean isFloatingPoint() {
    return this != INT32;
  }
}
