package io.github.clpool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A disk of 128 KiB of its own, on Linux and for root; other tests are skipped. */
public final class SmallDisk implements AutoCloseable {
  /** What is said where nothing more has room. */
  public static final String FULL = "No space left on device";

  private final Path place;

  private SmallDisk(Path place) {
    this.place = place;
  }

  /** Mounts one, with more options of mount where needed. */
  public static SmallDisk mount(Path place, String... options) throws IOException {
    Files.createDirectories(place);
    String all = String.join(",", "size=128k", String.join(",", options)).replaceAll(",$", "");
    String said = command("mount", "-t", "tmpfs", "-o", all, "tmpfs", place.toString());
    if (!said.isEmpty()) {
      System.out.println("A test is skipped: no disk can be mounted: " + said);
      Assumptions.abort(said);
    }
    return new SmallDisk(place);
  }

  /** What a command says that fails, or an empty text. */
  private static String command(String... words) throws IOException {
    Process process;
    try {
      process = new ProcessBuilder(words).redirectErrorStream(true).start();
    } catch (IOException missing) {
      return missing.toString();
    }
    String said = new String(process.getInputStream().readAllBytes());
    return process.onExit().join().exitValue() == 0 ? "" : words[0] + " failed: " + said.strip();
  }

  /** Its folder. */
  public Path place() {
    return place;
  }

  /** The file that {@link #fill} makes. */
  public Path filler() {
    return place.resolve("filler");
  }

  /** Leaves no room for a single byte more. */
  public void fill() throws IOException {
    try (OutputStream filler = Files.newOutputStream(filler())) {
      for (byte[] block = new byte[512]; ; ) {
        filler.write(block);
      }
    } catch (IOException full) {
      assertTrue(full.getMessage().contains(FULL), full::toString);
    }
  }

  @Override
  public void close() throws IOException {
    assertEquals("", command("umount", place.toString()));
  }
}
