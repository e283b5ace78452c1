package io.github.clpool.backend;

import io.github.clpool.tensor.Require;

/** A kernel file did not build: carries options, log, and the lines that the log names. */
public final class KernelBuildException extends DeviceException {
  private static final long serialVersionUID = 1L;

  /** What the compiler was told. */
  private final String options;

  /** What the compiler said. */
  private final String log;

  /**
   * A build that failed.
   *
   * @param device the device's name
   * @param file the kernel file
   * @param options the build options
   * @param error the error's name
   * @param log what the compiler said
   * @param excerpt the numbered source lines that the log names, or an empty text
   */
  public KernelBuildException(
      String device, String file, String options, String error, String log, String excerpt) {
    super(
        "%s did not build for %s: %s%noptions: %s%n%s%n%s"
            .formatted(
                Require.present("file", file),
                Require.present("device", device),
                Require.present("error", error),
                Require.present("options", options),
                Require.present("log", log).strip(),
                Require.present("excerpt", excerpt))
            .strip());
    this.options = options;
    this.log = log;
  }

  /**
   * The build options.
   *
   * @return the options as the compiler got them
   */
  public String options() {
    return options;
  }

  /**
   * The build log.
   *
   * @return what the compiler said
   */
  public String log() {
    return log;
  }
}
