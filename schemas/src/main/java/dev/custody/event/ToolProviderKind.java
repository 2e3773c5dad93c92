package dev.custody.event;

/** Kind of supplier. */
public enum ToolProviderKind {
  BUILT_IN,
  MCP_SERVER,
  PLUGIN,
  SKILL,
  UNKNOWN
}
