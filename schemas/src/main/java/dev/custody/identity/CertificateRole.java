package dev.custody.identity;

/** What the key may do. */
public enum CertificateRole {
  COLLECTOR,
  HUMAN,
  LOG,
  ROOT,
  WITNESS
}
