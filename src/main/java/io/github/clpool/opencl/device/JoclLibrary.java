package io.github.clpool.opencl.device;

import java.io.File;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jocl.CL;

/**
 * Loads JOCL's native library, from {@code java.library.path} or else unpacked.
 *
 * <p>JOCL would unpack it to a fixed name in {@code java.io.tmpdir}, and load whatever is there
 * already: what another user put there, or half of it, which kills the process. There is no other
 * way to tell it a folder than that property, so it is changed while JOCL loads, to a new folder
 * that only this user can look into. It is deleted at once where the system can, else at exit.
 */
final class JoclLibrary {
  private static final String TEMPORARY = "java.io.tmpdir";

  /** No file can have this name: nothing is found there, and nothing can be put there. */
  private static final String NOWHERE = "\0";

  private static final int ROOM = 1 << 20; // more than the library needs

  private static boolean isLoaded;

  private JoclLibrary() {}

  /**
   * Loads the library, once.
   *
   * @throws IOException if there is nowhere to unpack it; the next call tries again
   * @throws LinkageError if JOCL or the OpenCL loader cannot be loaded; this lasts
   */
  static synchronized void load() throws IOException {
    if (isLoaded) {
      return;
    }
    Path folder = null;
    try {
      folder = folder();
    } catch (IOException | RuntimeException failed) {
      if (!isInstalled()) {
        throw new IOException(failed.toString(), failed);
      }
    }
    String usual = System.setProperty(TEMPORARY, folder == null ? NOWHERE : folder.toString());
    try {
      MethodHandles.lookup().ensureInitialized(CL.class);
      isLoaded = true;
    } catch (IllegalAccessException impossible) {
      throw new IllegalStateException(impossible); // the class is public
    } finally {
      restore(usual);
      if (folder != null) {
        delete(folder);
      }
    }
  }

  private static void restore(String usual) {
    if (usual == null) {
      System.clearProperty(TEMPORARY);
    } else {
      System.setProperty(TEMPORARY, usual);
    }
  }

  /** A new folder for this user alone, with room for the library. */
  private static Path folder() throws IOException {
    String parent = System.getProperty(TEMPORARY, "");
    Path folder = Files.createTempDirectory(Path.of(parent).toAbsolutePath(), "clpool-");
    try {
      // Also makes the JDK learn the usual folder, which it looks up once, before it is changed.
      File room = File.createTempFile("room", null, folder.toFile());
      Files.write(room.toPath(), new byte[ROOM]);
      Files.delete(room.toPath());
      return folder;
    } catch (IOException failed) {
      delete(folder);
      throw failed;
    }
  }

  /** Whether somebody put the library where JOCL looks first. */
  private static boolean isInstalled() {
    String[] folders = System.getProperty("java.library.path", "").split(File.pathSeparator);
    return Arrays.stream(folders)
        .map(folder -> new File(folder).list((parent, name) -> name.contains("JOCL_")))
        .anyMatch(names -> names != null && names.length > 0);
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        deleteNowOrAtExit(file, folder);
      }
    } catch (IOException unreadable) {
      // then there is nothing to do about it
    }
    deleteNowOrAtExit(folder, folder);
  }

  /** Windows deletes no library that is loaded. */
  private static void deleteNowOrAtExit(Path file, Path folder) {
    try {
      Files.delete(file);
    } catch (IOException inUse) {
      folder.toFile().deleteOnExit(); // the last one registered goes first
      file.toFile().deleteOnExit();
    }
  }
}
