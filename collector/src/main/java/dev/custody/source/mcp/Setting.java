package dev.custody.source.mcp;

import dev.custody.event.Human;
import dev.custody.identity.SpiffeId;
import org.jspecify.annotations.Nullable;

/**
 * Who works where, as far as a whole conversation has it in common.
 *
 * @param product the agent's
 * @param version of the product, where it says so
 * @param root root of the work tree, or the directory itself outside of any
 * @param server name of the server as events have it
 * @param session the session as the wrapper's environment names it; null where it does not
 */
record Setting(
    Human human,
    SpiffeId agent,
    String product,
    @Nullable String version,
    @Nullable String cwd,
    @Nullable String root,
    String server,
    @Nullable String session) {}
