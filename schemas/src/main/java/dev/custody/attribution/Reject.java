package dev.custody.attribution;

import dev.custody.digest.Bytes;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A record that was not admitted, whole.
 *
 * @param reason name of the verdict
 * @param detail expected and found
 * @param partition of custody.events
 * @param offset of custody.events
 * @param timestamp kafka timestamp
 * @param key kafka key
 * @param value kafka value
 */
public record Reject(
    String reason,
    String detail,
    int partition,
    long offset,
    Instant timestamp,
    @Nullable Bytes key,
    @Nullable Bytes value) {}
