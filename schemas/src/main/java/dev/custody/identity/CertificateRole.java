package dev.custody.identity;

/** What the key may do. */
public enum CertificateRole {
  COLLECTOR,
  HUMAN,
  LOG,
  ROOT,
  WITNESS,
  /** Signs what agents hand on to sub-agents; held by the collector that vouches for them. */
  AGENT
}
