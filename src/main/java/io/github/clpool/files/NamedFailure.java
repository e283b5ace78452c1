package io.github.clpool.files;

import io.github.clpool.tensor.Excerpt;
import io.github.clpool.tensor.Require;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Failures of files in words that begin with the file's name, which Java's often lack. */
public final class NamedFailure {
  private NamedFailure() {}

  /**
   * Names the file of a failure.
   *
   * @param file the file
   * @param failed what Java says
   * @return the failure whose message is the file's name and what is wrong
   */
  public static IOException of(Path file, IOException failed) {
    Require.present("failed", failed);
    String name = Require.present("file", file).toString().isEmpty() ? "''" : file.toString();
    String message = failed.getMessage();
    return message != null && message.startsWith(name + ": ") && !isJavas(failed)
        ? failed
        : new IOException(name + ": " + words(failed), failed);
  }

  /**
   * The failure to hold a file.
   *
   * @param file the file
   * @param tooLarge what Java says
   * @return the failure whose message begins with the file's name
   */
  public static IOException of(Path file, OutOfMemoryError tooLarge) {
    Require.present("file", file);
    Require.present("tooLarge", tooLarge);
    return new IOException(file + ": needs more memory than Java has (-Xmx)", tooLarge);
  }

  private static boolean isJavas(IOException failed) {
    return failed instanceof FileSystemException;
  }

  private static String words(IOException failed) {
    if (failed instanceof NoSuchFileException) {
      return "no such file or directory";
    } else if (failed instanceof AccessDeniedException) {
      return "permission denied";
    } else if (failed instanceof FileSystemLoopException) {
      return "is a link to itself";
    } else if (failed instanceof FileAlreadyExistsException) {
      return "is there, but is no folder";
    } else if (failed instanceof NotDirectoryException) {
      return "is no folder";
    } else if (failed instanceof DirectoryNotEmptyException) {
      return "is a folder with something in it";
    } else if (failed instanceof CharacterCodingException) {
      return "is no text in UTF-8";
    } else if (failed instanceof FileSystemException system && system.getReason() != null) {
      return Excerpt.of(system.getReason());
    }
    return failed.getMessage() == null ? failed.toString() : Excerpt.of(failed.getMessage());
  }
}
