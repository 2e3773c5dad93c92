package dev.custody.act;

import java.util.EnumSet;
import java.util.Set;

/** What flows through a command line: along pipes, in variables, in files. */
final class Taint {
  static final int SECRET = 1;
  static final int ENCODED = 2;
  static final int FETCHED = 4;
  static final int DECODED = 8;

  private static final Set<ActName> SECRETS =
      EnumSet.of(
          ActName.READS_SECRET_FILE,
          ActName.PRINTS_ENVIRONMENT,
          ActName.PRINTS_SECRET_VARIABLE,
          ActName.RESOLVES_CONFIGURATION,
          ActName.READS_SECRET_STORE,
          ActName.READS_TOKEN_STORE,
          ActName.READS_INSTANCE_METADATA);

  private Taint() {}

  /** What the output of an act of this name carries. */
  static int of(ActName name) {
    return switch (name) {
      case ENCODES, ARCHIVES_OR_SPLITS -> ENCODED;
      case DECODES -> DECODED;
      default -> SECRETS.contains(name) ? SECRET : 0;
    };
  }
}
