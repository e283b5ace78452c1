package io.github.clpool.cli;

import io.github.clpool.files.NamedFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** The folders that a command writes to. Stateless. */
final class Folder {
  private Folder() {}

  /** Refuses what cannot become a folder, before anything is computed for it. */
  static void check(Path folder) throws IOException {
    Path there = folder.toAbsolutePath();
    while (!Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
      there = there.getParent();
    }
    if (!Files.isDirectory(there)) {
      throw NamedFailure.of(folder, new NotDirectoryException(there.toString()));
    }
  }

  /** Makes a folder where it is missing. */
  static void make(Path folder) throws IOException {
    try {
      check(folder);
      Files.createDirectories(folder);
    } catch (IOException failed) {
      throw NamedFailure.of(folder, failed);
    }
  }
}
