package dev.custody.attribution;

/** How well an edge is known, best first. */
public enum Grade {
  PROVEN,
  CORROBORATED,
  INFERRED,
  UNATTRIBUTED
}
