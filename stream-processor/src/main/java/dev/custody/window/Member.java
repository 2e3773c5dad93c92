package dev.custody.window;

import dev.custody.event.EventId;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A match of a rule, as a member of a group.
 *
 * @param event the event that matched
 * @param occurredAt when it happened, milliseconds since 1970
 * @param observedAt when it was observed; the time in the id counts where that is a minute away at
 *     most
 * @param slot of temporal types the place of the rule in the correlation's list, from 0; of numbers
 *     which of the event's; 0 otherwise; less than 32
 * @param value digest of the value that is counted; 0 where none is
 * @param number what is summed or averaged; null where nothing is
 */
public record Member(
    EventId event,
    long occurredAt,
    long observedAt,
    int slot,
    long value,
    @Nullable BigDecimal number) {}
