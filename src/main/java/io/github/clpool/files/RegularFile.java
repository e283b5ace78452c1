package io.github.clpool.files;

import io.github.clpool.tensor.Require;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What is read as a whole must have an end: a pipe or a device has none. Stateless. */
public final class RegularFile {
  private RegularFile() {}

  /**
   * Refuses anything else that is there.
   *
   * @param file the file; opening it says if it is missing
   * @throws IOException without the file's name, which the caller adds
   */
  public static void check(Path file) throws IOException {
    if (Files.exists(Require.present("file", file)) && !Files.isRegularFile(file)) {
      throw new IOException(
          Files.isDirectory(file) ? "is a folder" : "is no regular file, but must be one");
    }
  }
}
