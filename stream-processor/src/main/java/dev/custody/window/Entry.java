package dev.custody.window;

import dev.custody.event.EventId;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A member as a group keeps it: sorted by time and id, packed into some 20 to 29 bytes. */
final class Entry implements Comparable<Entry> {
  /** Bits of a value's digest that are kept. */
  static final int VALUE_BITS = 37;

  private static final long NEAR_ID = 60_000;
  private static final int TOLD = 0x80;
  private static final int WIDE_TIME = 0x40;
  private static final int WIDE_OBSERVED = 0x20;
  private static final int SLOT = 0x1f;

  /** Of a number: it is whole and takes four bytes. An event has sixteen at most. */
  private static final int SHORT_NUMBER = 0x10;

  private static final int NUMBER_SLOT = 0x0f;
  private static final int DELTA_LIMIT = 1 << 23;
  private static final MathContext DIGITS = new MathContext(18);

  private final long high;
  private final long low;
  private final long occurredAt;
  private final long observedAt;
  private final int slot;
  private final long value;
  private final byte scale;
  private boolean told;

  private Entry(
      long high, long low, long occurredAt, long observedAt, int slot, long value, byte scale) {
    this.high = high;
    this.low = low;
    this.occurredAt = occurredAt;
    this.observedAt = observedAt;
    this.slot = slot;
    this.value = value;
    this.scale = scale;
  }

  static Entry of(Member member, Spec spec) {
    UUID id = member.event().value();
    long high = id.getMostSignificantBits();
    long inId = timeOf(high);
    long observed = Math.abs(inId - member.observedAt()) <= NEAR_ID ? inId : member.observedAt();
    int slot =
        spec.hasNumbers()
            ? member.slot() & NUMBER_SLOT
            : spec.type().isTemporal() ? member.slot() & SLOT : 0;
    BigDecimal number = spec.hasNumbers() ? numberOf(member.number()) : null;
    long value =
        number != null
            ? number.unscaledValue().longValueExact()
            : spec.hasValues() ? member.value() & ((1L << VALUE_BITS) - 1) : 0;
    return new Entry(
        high,
        id.getLeastSignificantBits(),
        member.occurredAt(),
        observed,
        slot,
        value,
        number == null ? 0 : (byte) number.scale());
  }

  /** With 18 digits at most; zero where it has no place in 9 bytes. */
  private static BigDecimal numberOf(@Nullable BigDecimal number) {
    BigDecimal rounded = number == null ? BigDecimal.ZERO : number.round(DIGITS);
    return Math.abs((long) rounded.scale()) < Byte.MAX_VALUE ? rounded : BigDecimal.ZERO;
  }

  /** The time in a UUIDv7; of any other id an arbitrary number, which is as good. */
  private static long timeOf(long high) {
    return high >>> 16;
  }

  EventId event() {
    return new EventId(new UUID(high, low));
  }

  boolean isOf(EventId event) {
    return event.value().getMostSignificantBits() == high
        && event.value().getLeastSignificantBits() == low;
  }

  long occurredAt() {
    return occurredAt;
  }

  long observedAt() {
    return observedAt;
  }

  int slot() {
    return slot;
  }

  long value() {
    return value;
  }

  BigDecimal number() {
    return BigDecimal.valueOf(value, scale);
  }

  boolean told() {
    return told;
  }

  void tell(boolean isTold) {
    this.told = isTold;
  }

  @Override
  public int compareTo(Entry other) {
    int order = Long.compare(occurredAt, other.occurredAt);
    order = order != 0 ? order : Long.compareUnsigned(high, other.high);
    order = order != 0 ? order : Long.compareUnsigned(low, other.low);
    order = order != 0 ? order : Integer.compare(slot, other.slot);
    order = order != 0 ? order : Long.compare(value, other.value);
    return order != 0 ? order : Byte.compare(scale, other.scale);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Entry entry && compareTo(entry) == 0;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(high ^ low ^ value) * 31 + slot;
  }

  private boolean isWide() {
    long delta = occurredAt - timeOf(high);
    return delta < -DELTA_LIMIT || delta >= DELTA_LIMIT;
  }

  /** The most bytes that an entry has. */
  static int largest() {
    return 16 + 1 + 8 + 8 + 9;
  }

  void write(ByteBuffer out, Spec spec) {
    boolean wide = isWide();
    boolean observed = observedAt != timeOf(high);
    boolean brief = spec.hasNumbers() && scale == 0 && value == (int) value;
    int bits =
        spec.hasValues() ? (int) (value >>> Integer.SIZE) : slot | (brief ? SHORT_NUMBER : 0);
    out.putLong(high).putLong(low);
    out.put(
        (byte)
            (bits | (told ? TOLD : 0) | (wide ? WIDE_TIME : 0) | (observed ? WIDE_OBSERVED : 0)));
    if (wide) {
      out.putLong(occurredAt);
    } else {
      int delta = (int) (occurredAt - timeOf(high));
      out.put((byte) (delta >> 16)).putShort((short) delta);
    }
    if (observed) {
      out.putLong(observedAt);
    }
    if (spec.hasValues() || brief) {
      out.putInt((int) value);
    } else if (spec.hasNumbers()) {
      out.putLong(value).put(scale);
    }
  }

  static Entry read(ByteBuffer in, Spec spec) {
    long high = in.getLong();
    long low = in.getLong();
    int flags = in.get() & 0xff;
    long occurredAt =
        (flags & WIDE_TIME) != 0
            ? in.getLong()
            : timeOf(high) + ((in.get() << 16) | (in.getShort() & 0xffff));
    long observedAt = (flags & WIDE_OBSERVED) != 0 ? in.getLong() : timeOf(high);
    int bits = flags & SLOT;
    long value = 0;
    byte scale = 0;
    if (spec.hasValues()) {
      value = (long) bits << Integer.SIZE | (in.getInt() & 0xffff_ffffL);
      bits = 0;
    } else if (spec.hasNumbers()) {
      boolean brief = (bits & SHORT_NUMBER) != 0;
      value = brief ? in.getInt() : in.getLong();
      scale = brief ? 0 : in.get();
      bits &= NUMBER_SLOT;
    }
    Entry entry = new Entry(high, low, occurredAt, observedAt, bits, value, scale);
    entry.told = (flags & TOLD) != 0;
    return entry;
  }
}
