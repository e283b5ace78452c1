package io.github.clpool.exact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.exact.Philox.Stream;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PhiloxTest {
  private static int[] words(String text) {
    return Arrays.stream(text.split(" ")).mapToInt(HexFormat::fromHexDigits).toArray();
  }

  /** Random123's tests/kat_vectors. */
  @ParameterizedTest
  @CsvSource({
    "10, 00000000 00000000 00000000 00000000, 00000000 00000000, 6627e8d5 e169c58d bc57ac4c"
        + " 9b00dbd8",
    "10, ffffffff ffffffff ffffffff ffffffff, ffffffff ffffffff, 408f276d 41c83b0e a20bc7c6"
        + " 6d5451fd",
    "10, 243f6a88 85a308d3 13198a2e 03707344, a4093822 299f31d0, d16cfe09 94fdcceb 5001e420"
        + " 24126ea1",
    "7, 00000000 00000000 00000000 00000000, 00000000 00000000, 5f6fb709 0d893f64 4f121f81"
        + " 4f730a48",
    "7, ffffffff ffffffff ffffffff ffffffff, ffffffff ffffffff, 5207ddc2 45165e59 4d8ee751"
        + " 8c52f662",
    "7, 243f6a88 85a308d3 13198a2e 03707344, a4093822 299f31d0, 4dfccaba 190a87f0 c47362ba b6b5242a"
  })
  void knownAnswers(int rounds, String counter, String key, String expected) {
    int[] c = words(counter);
    int[] k = words(key);
    assertArrayEquals(words(expected), Philox.block(rounds, c[0], c[1], c[2], c[3], k[0], k[1]));
  }

  /** The 10,000th number of std::philox4x32 with its default seed, as C++26 says. */
  @Test
  void theTenThousandthNumberOfCpp26() {
    assertEquals(1955073260, new Philox(20111115, 0, Stream.OUTPUTS).word(9999));
  }

  /** PyTorch's Philox engine, its subsequence being our call. */
  @ParameterizedTest
  @CsvSource({
    "000000000000002a, 0, 0, 9ceaf053 77f5493b 12bf50ad 5742b3d7",
    "000000000000002a, 1, 0, 02933769 2051e913 3b68b038 b62c409c",
    "000000000000002a, 0, 1, fcdb2127 53ba6cfd 838f5a6e 744e06fb",
    "00000000000004d2, 7, 3, e4449d5f b28a18d8 1719d660 e55a6b84"
  })
  void blocksOfPyTorch(String seed, long call, long block, String expected) {
    Philox philox = new Philox(HexFormat.fromHexDigitsToLong(seed), call, Stream.OUTPUTS);
    assertArrayEquals(words(expected), philox.block(block));
    for (int i = 0; i < 4; i++) {
      assertEquals(words(expected)[i], philox.word(4 * block + i));
    }
  }

  @Test
  void allHighWordsMatter() {
    Philox philox = new Philox(0x123456789abcdef0L, 0x1ffffffffL, Stream.OUTPUTS);
    assertArrayEquals(words("bba6467c 44585321 5e01d97b 35ca44b5"), philox.block(0x100000000L));
  }

  /** The stream's number is in the two highest bits of the counter's second word. */
  @ParameterizedTest
  @EnumSource
  void aStreamIsPartOfTheCounter(Stream stream) {
    assertArrayEquals(
        Philox.block(10, 5, stream.ordinal() << 30 | 3, 0, 0, 9, 0),
        new Philox(9, 0, stream).block(3L << 32 | 5));
  }

  @Test
  void uniformNumbersAreBelowOne() {
    assertEquals(0.61295986f, Philox.toUniform(0x9ceaf053));
    assertEquals(1 - 0x1p-24f, Philox.toUniform(-1));
    assertEquals(0f, Philox.toUniform(0xff));
    assertEquals(0x1p-24f, Philox.toUniform(0x100));
    assertEquals(.34086150f, new Philox(42, 0, Stream.OUTPUTS).uniform(3));
  }

  /** Chi-square of a million numbers in 256 classes, and of neighbours in 16 by 16. */
  @ParameterizedTest
  @EnumSource
  void numbersAreUniformAndNeighboursIndependent(Stream stream) {
    int draws = 1 << 20;
    Philox philox = new Philox(20240611, 3, stream);
    long[] single = new long[256];
    long[] pairs = new long[256];
    float before = philox.uniform(0);
    for (int i = 1; i <= draws; i++) {
      float number = philox.uniform(i);
      single[(int) (number * 256)]++;
      pairs[(int) (before * 16) * 16 + (int) (number * 16)]++;
      before = number;
    }
    // 255 degrees of freedom: mean 255, standard deviation 22.6; five of them either side
    for (long[] counts : new long[][] {single, pairs}) {
      double expected = draws / 256.0;
      double chiSquare =
          Arrays.stream(counts).mapToDouble(n -> (n - expected) * (n - expected) / expected).sum();
      assertTrue(chiSquare > 142 && chiSquare < 368, () -> stream + ": chi-square " + chiSquare);
    }
  }
}
