package dev.custody.source.mcp;

import org.jspecify.annotations.Nullable;

/** Where in an agent's work something belongs. */
record Place(String session, @Nullable String prompt, @Nullable String subAgent) {}
