package dev.custody.cli;

import picocli.CommandLine.IVersionProvider;

/** What {@code custody --version} prints. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {"custody " + (version == null ? "development" : version)};
  }
}
