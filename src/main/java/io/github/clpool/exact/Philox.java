package io.github.clpool.exact;

/**
 * Random numbers by Philox4x32-10, a counter-based generator: the number of an element depends on
 * seed, call, stream and element alone, never on who computes it or in which order
 * (docs/semantics.md, section 3). Immutable. Twin of {@code opencl/lib/philox.clh}.
 *
 * @param seed the seed
 * @param call the number of the call
 * @param stream what the numbers are for
 * @param first the number that element 0 has
 */
public record Philox(long seed, long call, Stream stream, long first) {
  private static final int ROUNDS = 10;
  private static final long MULTIPLIER_0 = 0xD2511F53L;
  private static final long MULTIPLIER_1 = 0xCD9E8D57L;
  private static final int GOLDEN_RATIO = 0x9E3779B9;
  private static final int SQRT_3 = 0xBB67AE85;
  private static final long UINT = 0xFFFFFFFFL;

  /**
   * Numbers from 0 on.
   *
   * @param seed the seed
   * @param call the number of the call
   * @param stream what the numbers are for
   */
  public Philox(long seed, long call, Stream stream) {
    this(seed, call, stream, 0);
  }

  /** What numbers are for; the order is that of the stream's number in the counter. */
  public enum Stream {
    /** One draw per output; elements are logical output indices. */
    OUTPUTS,
    /** Places of fractional regions; elements are planes times spatial axes plus the axis. */
    FRACTIONAL,
    /** Sampled starts; elements are 2^32 times the axis plus the candidate. */
    SAMPLED,
    /** Choices per plane; elements are planes. */
    PLANES
  }

  /**
   * The word of an element.
   *
   * @param element the element, below 2^62
   * @return 32 random bits
   */
  public int word(long element) {
    long number = first + element;
    return block(number >>> 2)[(int) (number & 3)];
  }

  /**
   * Four neighbouring words, numbered from 0 on.
   *
   * @param block the number of the first one divided by 4, which it is a multiple of
   * @return the words
   */
  public int[] block(long block) {
    return block(
        ROUNDS,
        (int) block,
        (int) (block >>> 32) | stream.ordinal() << 30,
        (int) call,
        (int) (call >>> 32),
        (int) seed,
        (int) (seed >>> 32));
  }

  /** Some rounds over a counter of four words under a key of two. */
  static int[] block(int rounds, int c0, int c1, int c2, int c3, int k0, int k1) {
    for (int round = 0; round < rounds; round++) {
      long product0 = MULTIPLIER_0 * (c0 & UINT);
      long product1 = MULTIPLIER_1 * (c2 & UINT);
      c0 = (int) (product1 >>> 32) ^ c1 ^ (k0 + round * GOLDEN_RATIO);
      c2 = (int) (product0 >>> 32) ^ c3 ^ (k1 + round * SQRT_3);
      c1 = (int) product1;
      c3 = (int) product0;
    }
    return new int[] {c0, c1, c2, c3};
  }

  /**
   * The uniform number of an element.
   *
   * @param element the element, below 2^62
   * @return a multiple of 2^-24 in [0, 1), exact as a float
   */
  public float uniform(long element) {
    return toUniform(word(element));
  }

  /**
   * The uniform numbers of neighbouring elements.
   *
   * @param element the first one of them
   * @param numbers takes them
   */
  public void uniforms(long element, float[] numbers) {
    int[] words = {};
    for (int i = 0; i < numbers.length; i++) {
      long number = first + element + i;
      if (i == 0 || (number & 3) == 0) {
        words = block(number >>> 2);
      }
      numbers[i] = toUniform(words[(int) (number & 3)]);
    }
  }

  /**
   * The uniform number of a word.
   *
   * @param word 32 random bits
   * @return a multiple of 2^-24 in [0, 1), exact as a float
   */
  public static float toUniform(int word) {
    return (word >>> 8) * 0x1p-24f;
  }
}
