package io.github.clpool.cli;

import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "clpool " + number(),
      "Java ${java.version} (${java.vendor}), ${os.name} ${os.version} ${os.arch}",
    };
  }

  /** The jar's version. */
  static String number() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "(not from a jar)" : version;
  }
}
