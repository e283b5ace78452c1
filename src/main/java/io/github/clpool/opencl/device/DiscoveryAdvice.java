package io.github.clpool.opencl.device;

import io.github.clpool.backend.Candidate;
import io.github.clpool.backend.DeviceMemoryException;
import java.util.List;
import java.util.stream.IntStream;

/** Says in one sentence what is missing and how to get it. Stateless. */
public final class DiscoveryAdvice {
  private DiscoveryAdvice() {}

  private static final String ANOTHER_FOLDER =
      "name another one with -Djava.io.tmpdir, or put the library from JOCL's jar into a folder"
          + " that -Djava.library.path names";
  private static final String PACKAGES =
      "install a driver, such as Debian's pocl-opencl-icd for the processor, or your GPU's";

  /** The Java library or the OpenCL loader that it needs cannot be loaded. */
  public static Candidate noLoader(Throwable failure, String system, String architecture) {
    String text = texts(failure);
    if (text.contains("ClassNotFoundException")) {
      return rejected("OpenCL", "org.jocl is not on the class path; add org.jocl:jocl");
    } else if (text.contains("IllegalCallerException")) {
      return rejected(
          "OpenCL",
          "this JVM denies native access; start it with --enable-native-access=ALL-UNNAMED"
              + " (=jocl on the module path)");
    } else if (text.contains("Implementation library could not be loaded")) {
      return rejected(
          "OpenCL",
          "the OpenCL loader (libOpenCL.so.1, OpenCL.dll) cannot be loaded; on Debian install"
              + " ocl-icd-libopencl1 and a driver such as pocl-opencl-icd");
    }
    String problem = "JOCL cannot be loaded on " + system + " " + architecture + "; ";
    if (text.contains("failed to map segment") || text.contains("Operation not permitted")) {
      return rejected(
          "OpenCL",
          problem
              + "the folder that java.io.tmpdir names may not hold programs (noexec): "
              + ANOTHER_FOLDER);
    }
    return rejected(
        "OpenCL",
        problem
            + "it has natives for Linux and macOS (x86_64, arm64) and Windows (x86_64): "
            + cause(text, failure));
  }

  /** JOCL's native library cannot be unpacked. */
  public static Candidate noTemporaryFolder(Throwable failure) {
    return rejected(
        "OpenCL",
        "JOCL's native library cannot be unpacked into the folder that java.io.tmpdir names ("
            + first(failure)
            + "): "
            + ANOTHER_FOLDER);
  }

  /** JOCL's message is a text of several lines, with the stack trace of each attempt in it. */
  private static String cause(String text, Throwable failure) {
    List<String> lines = text.lines().toList();
    int last =
        IntStream.range(0, lines.size())
            .filter(i -> lines.get(i).startsWith("Stack trace from the attempt"))
            .reduce(-1, (earlier, later) -> later);
    return last >= 0 && last + 1 < lines.size() ? lines.get(last + 1).strip() : first(failure);
  }

  public static Candidate noPlatform() {
    return rejected(
        "OpenCL",
        "the OpenCL loader is there, but knows no platform; "
            + PACKAGES
            + ", and see that /etc/OpenCL/vendors has its .icd file (OCL_ICD_VENDORS names"
            + " another folder)");
  }

  public static Candidate noDevice(String platform) {
    String fix =
        switch (platform) {
          case "rusticl" -> "set RUSTICL_ENABLE to a Mesa driver, such as llvmpipe or radeonsi";
          case "Clover" -> "Clover is no longer maintained, use rusticl or the vendor's driver";
          default ->
              "see that its hardware is there and may be used (a container must be given it,"
                  + " a user must be in groups such as render and video)";
        };
    return rejected(platform, "the platform has no device; " + fix);
  }

  public static Candidate broken(String name, Throwable failure) {
    boolean mayPass = failure instanceof DeviceMemoryException;
    String fix = mayPass ? "free memory and try again" : "reinstall or remove it";
    return rejected(name, "its driver fails, " + fix + ": " + first(failure));
  }

  private static Candidate rejected(String name, String reason) {
    return new Candidate(name, Candidate.Outcome.REJECTED, reason);
  }

  private static String texts(Throwable failure) {
    StringBuilder texts = new StringBuilder();
    for (Throwable each = failure; each != null; each = each.getCause()) {
      texts.append(each).append(' ');
    }
    return texts.toString();
  }

  private static String first(Throwable failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("").strip();
  }
}
