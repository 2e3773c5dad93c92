package dev.custody.detect;

import dev.custody.event.EventId;
import dev.custody.window.Member;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * As what an event counts in a group.
 *
 * @param slot which of the correlation's rules it matched, or which of its numbers it is
 * @param value digest of the value that is counted; 0 where none is
 * @param number what is summed, decimal; null where nothing is
 */
public record GroupMember(int slot, long value, @Nullable String number) {
  static GroupMember of(Member member) {
    BigDecimal number = member.number();
    return new GroupMember(
        member.slot(), member.value(), number == null ? null : number.toString());
  }

  Member member(EventId event, Instant occurredAt, Instant observedAt) {
    return new Member(
        event,
        occurredAt.toEpochMilli(),
        observedAt.toEpochMilli(),
        slot,
        value,
        number == null ? null : new BigDecimal(number));
  }
}
