package io.github.clpool.files;

import io.github.clpool.tensor.Require;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which file a path names, whatever its spelling. Stateless. */
public final class FileIdentity {
  private static final int MOST_LINKS = 40; // as Linux

  private FileIdentity() {}

  /**
   * Whether two paths name one file, by links and other spellings too. The file need not be there.
   *
   * @param one a path
   * @param other another
   * @return true if writing to one changes the other; false for devices and pipes
   */
  public static boolean isSame(Path one, Path other) {
    Require.present("one", one);
    Require.present("other", other);
    try {
      if (Files.exists(one) && Files.exists(other)) {
        return Files.isSameFile(one, other) && (Files.isRegularFile(one) || Files.isDirectory(one));
      }
      return place(linked(one)).equals(place(linked(other)));
    } catch (IOException unreachable) { // writing or reading it says why
      return one.equals(other);
    }
  }

  /** The path with a real folder, for a file that may not be there. */
  static Path place(Path file) throws IOException {
    Path absolute = file.toAbsolutePath();
    Path folder = absolute.getParent();
    return folder == null || !Files.exists(folder)
        ? absolute.normalize()
        : folder.toRealPath().resolve(absolute.getFileName()).normalize();
  }

  /** What a path links to, which need not be there. */
  static Path linked(Path file) throws IOException {
    Path end = file;
    for (int links = 0; Files.isSymbolicLink(end); links++) {
      if (links == MOST_LINKS) {
        throw new FileSystemLoopException(file.toString());
      }
      end = end.resolveSibling(Files.readSymbolicLink(end));
    }
    return end;
  }
}
