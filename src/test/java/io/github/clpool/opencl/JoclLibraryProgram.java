package io.github.clpool.opencl;

import io.github.clpool.opencl.device.OpenClDiscovery;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;

/** What {@link JoclLibraryTest} starts in a JVM of its own: looks for devices. */
public final class JoclLibraryProgram {
  private JoclLibraryProgram() {}

  /** Prints what was found, then where temporary files go: by the property and by the JDK. */
  public static void main(String[] args) throws IOException {
    Thread.currentThread().interrupt(); // which is none of its business
    OpenClDiscovery found = OpenClDiscovery.scan();
    if (!Thread.interrupted()) {
      System.out.println("JOCL cannot be loaded without losing an interrupt");
    }
    found.devices().forEach(System.out::println);
    found.failures().forEach(System.out::println);
    System.out.println("folder " + System.getProperty("java.io.tmpdir"));
    if (args.length > 0) {
      File old = File.createTempFile("old", null);
      File now = Files.createTempFile("new", null).toFile();
      System.out.println("old " + old.getParent() + " new " + now.getParent());
      Files.delete(old.toPath());
      Files.delete(now.toPath());
    }
  }
}
