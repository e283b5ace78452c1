package io.github.clpool.files;

import io.github.clpool.tensor.Require;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Optional;
import java.util.UUID;

/**
 * What a file will hold. It is written beside the file and takes its place at once, so that a full
 * disk leaves the old file as it was. What is no regular file, such as {@code /dev/null}, is
 * written to as it is. Not thread-safe.
 */
public final class Replacement implements AutoCloseable {
  private final Path file;
  private final Path target;
  private final Path written;
  private final WritableByteChannel channel;

  /**
   * Begins.
   *
   * @param file the file, a link followed; nothing is changed before {@link #commit}
   * @throws IOException naming the file, if nothing can be written beside it
   */
  public Replacement(Path file) throws IOException {
    this.file = Require.present("file", file);
    try {
      if (Files.isDirectory(file)) {
        throw new IOException("is a folder");
      }
      boolean isPlain = !Files.exists(file) || Files.isRegularFile(file);
      target = isPlain ? FileIdentity.linked(file) : file;
      String name = ".clpool-" + UUID.randomUUID() + ".part";
      written = isPlain ? target.resolveSibling(name) : target;
      channel =
          isPlain
              ? Files.newByteChannel(
                  written, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)
              : Files.newByteChannel(written, StandardOpenOption.WRITE);
    } catch (IOException failed) {
      throw NamedFailure.of(file, failed);
    }
  }

  /**
   * Replaces a file.
   *
   * @param file the file, a link followed
   * @param bytes what it will hold
   * @throws IOException naming the file, if it cannot be written; it is as it was then
   */
  public static void write(Path file, byte[] bytes) throws IOException {
    Require.present("bytes", bytes);
    try (Replacement replacement = new Replacement(file)) {
      replacement.write(ByteBuffer.wrap(bytes));
      replacement.commit();
    }
  }

  /** The place that will be taken, however it is spelled; empty where nothing is replaced. */
  Optional<Path> place() throws IOException {
    return written.equals(target) ? Optional.empty() : Optional.of(FileIdentity.place(target));
  }

  /**
   * Adds bytes.
   *
   * @param bytes the bytes from the buffer's position on, which moves
   * @throws IOException naming the file, if they cannot be written
   */
  public void write(ByteBuffer bytes) throws IOException {
    Require.present("bytes", bytes);
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException failed) {
      throw NamedFailure.of(file, failed);
    }
  }

  /**
   * Puts what was written into the file's place.
   *
   * @throws IOException naming the file, if that cannot be done
   */
  public void commit() throws IOException {
    try {
      channel.close();
      if (!written.equals(target)) {
        keepPermissions();
        Files.move(
            written, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException failed) {
      throw NamedFailure.of(file, failed);
    }
  }

  private void keepPermissions() throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(written, PosixFileAttributeView.class);
    if (view != null && Files.exists(target)) {
      view.setPermissions(Files.getPosixFilePermissions(target));
    }
  }

  /** Removes what was written, if it did not take the file's place. */
  @Override
  public void close() throws IOException {
    try {
      channel.close();
      if (!written.equals(target)) {
        Files.deleteIfExists(written);
      }
    } catch (IOException failed) {
      throw NamedFailure.of(file, failed);
    }
  }
}
