package io.github.clpool.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.clpool.Nightly;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files: what they say they hold, or a refusal that names them. */
class NpyFuzzTest {
  private static final String[] NUMBERS = {
    "-1",
    "00",
    "2147483648",
    "536870911",
    "1073741823",
    "9223372036854775807",
    "1e9",
    "1L",
    "(",
    "99999999999999999999999",
    "\u0661",
    ", 0",
    "0, 4294967296",
    "'<f8'",
    "True",
    "'|O'",
    "\u0000"
  };

  @TempDir Path folder;

  @Test
  void damagedFiles() throws IOException {
    long seed = Nightly.seed();
    Random random = new Random(seed);
    List<byte[]> whole = whole();
    Path file = folder.resolve("x.npy");
    int cases = Nightly.cases(500, 20_000);
    int read = 0;
    for (int i = 0; i < cases; i++) {
      byte[] bytes = whole.get(random.nextInt(whole.size())).clone();
      for (int damages = random.nextInt(3); damages >= 0; damages--) {
        bytes = damaged(bytes, random);
      }
      Files.write(file, bytes);
      read += isRead(file, bytes, "seed " + seed + ", case " + i) ? 1 : 0;
    }
    assertTrue(read > cases / 50, "only " + read + " of " + cases + " were read");
  }

  private static boolean isRead(Path file, byte[] bytes, String what) {
    try {
      NpyArray array = Npy.read(file);
      ByteBuffer elements = array.bytes().duplicate();
      byte[] end = Arrays.copyOfRange(bytes, bytes.length - elements.remaining(), bytes.length);
      assertEquals(ByteBuffer.wrap(end), elements, what);
      long count = array.sizes().stream().reduce(1L, (a, b) -> a * b);
      assertEquals(end.length, count * array.type().bytes(), what);
      return true;
    } catch (IOException refused) {
      assertTrue(refused.getMessage().startsWith(file + ": "), what + refused.getMessage());
      assertTrue(refused.getMessage().length() < 2000, what + refused.getMessage());
      return false;
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError other) {
      throw new AssertionError(what, other);
    }
  }

  private List<byte[]> whole() throws IOException {
    List<byte[]> files = new ArrayList<>();
    Path file = folder.resolve("whole.npy");
    for (NpyType type : NpyType.values()) {
      for (List<Long> sizes : List.of(List.<Long>of(), List.of(3L), List.of(2L, 1L, 2L))) {
        NpyArray array = NpyArray.zeros(type, sizes);
        for (int i = 0; i < array.bytes().remaining(); i++) {
          array.bytes().put(i, (byte) (i * 31 + 1));
        }
        Npy.write(file, array);
        files.add(Files.readAllBytes(file));
      }
    }
    return files;
  }

  private static byte[] damaged(byte[] bytes, Random random) {
    int at = random.nextInt(bytes.length);
    byte[] changed = bytes.clone();
    switch (random.nextInt(6)) {
      case 0:
        changed[at] = (byte) random.nextInt(256);
        return changed;
      case 1:
        changed[random.nextInt(Math.min(12, bytes.length))] = (byte) random.nextInt(256);
        return changed;
      case 2:
        return Arrays.copyOf(bytes, at + 1);
      case 3:
        return Arrays.copyOf(bytes, bytes.length + random.nextInt(100));
      case 4:
        changed[bytes.length - 1] ^= (byte) (1 + random.nextInt(255));
        return changed;
      default:
        byte[] text = NUMBERS[random.nextInt(NUMBERS.length)].getBytes(StandardCharsets.UTF_8);
        int start = Math.min(at, 10 + random.nextInt(70));
        System.arraycopy(text, 0, changed, start, Math.min(text.length, bytes.length - start));
        return changed;
    }
  }
}
