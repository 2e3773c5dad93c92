package dev.custody.campaign;

/** What is tampered with. */
enum Target {
  RECORD,
  CHAIN,
  KAFKA_FILE,
  TRUST,
  LOG,
  TILE,
  CHECKPOINT,
  NOTE,
  PROOF,
  BUNDLE;

  String shown() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }
}
