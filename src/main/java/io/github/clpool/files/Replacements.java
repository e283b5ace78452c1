package io.github.clpool.files;

import io.github.clpool.tensor.Require;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What some files will hold: none is replaced before all are written. Not thread-safe. */
public final class Replacements implements AutoCloseable {
  private final List<Replacement> replacements = new ArrayList<>();
  private final Set<Path> places = new HashSet<>();

  /** Begins with no file. */
  public Replacements() {}

  /**
   * Begins one more file.
   *
   * @param file the file, a link followed; nothing is changed before {@link #commit}
   * @return what it will hold, to be written by the caller
   * @throws IOException naming the file, if nothing can be written beside it, or it is one of those
   *     before, by whatever spelling
   */
  public Replacement begin(Path file) throws IOException {
    Replacement replacement = new Replacement(file);
    replacements.add(replacement);
    Optional<Path> place = replacement.place();
    if (place.isPresent() && !places.add(place.get())) {
      throw new IOException(file + ": would be written twice, but results need files of their own");
    }
    return replacement;
  }

  /**
   * Adds one more file.
   *
   * @param file the file, a link followed; nothing is changed before {@link #commit}
   * @param bytes what it will hold
   * @throws IOException naming the file, if they cannot be written
   */
  public void write(Path file, byte[] bytes) throws IOException {
    Require.present("bytes", bytes);
    begin(file).write(ByteBuffer.wrap(bytes));
  }

  /**
   * Puts everything that was written into the files' places.
   *
   * @throws IOException naming the first file where that cannot be done
   */
  public void commit() throws IOException {
    for (Replacement replacement : replacements) {
      replacement.commit();
    }
  }

  /** Removes what was written, if it did not take a file's place. */
  @Override
  public void close() throws IOException {
    for (Replacement replacement : replacements) {
      replacement.close();
    }
  }
}
