package dev.custody.attribute;

import dev.custody.attribution.Candidate;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Somebody says: within this span, who carries this token is me.
 *
 * @param id computed from what is claimed and by whom; a later claim of one id replaces the earlier
 * @param token KIND:value of an identifier
 * @param start start of the span, inclusive
 * @param end end of the span, inclusive
 * @param callStart when the tool call began that it is bound to; null while none ran. The span
 *     reaches beyond the call on both sides: what is only near it counts for less
 * @param callEnd when that call was seen to end; null while it may still run
 * @param observedAt when it became known
 * @param basis what it rests on
 * @param candidate who; its grade is the best that the claim may give
 * @param mentions lower-case text of the command, by which equal claims are ranked
 * @param reported what was reported, where the token is only a part of it
 * @param address where the credential was asked for, as its issuer saw it
 * @param tag the session's own tag
 * @param user token of the machine's user as whom the session runs; of issued credentials only
 * @param withdrawn true when the claim no longer holds
 */
public record Claim(
    String id,
    String token,
    Instant start,
    Instant end,
    @Nullable Instant callStart,
    @Nullable Instant callEnd,
    Instant observedAt,
    Basis basis,
    Candidate candidate,
    String mentions,
    @Nullable String reported,
    @Nullable String address,
    @Nullable String tag,
    @Nullable String user,
    boolean withdrawn) {
  /** The same claim, taken back. */
  public Claim takenBack() {
    return new Claim(
        id,
        token,
        start,
        end,
        callStart,
        callEnd,
        observedAt,
        basis,
        candidate,
        mentions,
        reported,
        address,
        tag,
        user,
        true);
  }

  /**
   * Where it lies in the store: token and length of the span, start, id. An event looks back as far
   * as spans of a length reach, so a million short ones cost it no more than a few.
   */
  Bytes place() {
    return SpanKey.of(Length.of(this).of(token), start, id);
  }

  /** The place as text, for comparing. */
  public String placeText() {
    return id + " " + start + " " + Length.of(this);
  }

  /** How long spans are, and so how far an event must look back for one that covers it. */
  @SuppressWarnings("EnumOrdinal") // Kept in a store: new lengths go to the end.
  enum Length {
    SHORT(Duration.ofMinutes(15)),
    MEDIUM(Duration.ofHours(2)),
    LONG(Duration.ofDays(9)),
    /** Commits are claimed for all times. */
    EVER(Duration.ofDays(200_000));

    private final Duration most;

    Length(Duration most) {
      this.most = most;
    }

    static Length of(Claim claim) {
      Duration span = Duration.between(claim.start(), claim.end());
      for (Length length : values()) {
        if (span.compareTo(length.most) <= 0) {
          return length;
        }
      }
      return EVER;
    }

    /** Its bit in the store of lengths. */
    int bit() {
      return 1 << ordinal();
    }

    String of(String token) {
      return token + "\u0001" + name();
    }

    /** The earliest start of a span of this length that covers {@code moment}. */
    Instant from(Instant moment) {
      return this == EVER ? SpanKey.FIRST : moment.minus(most);
    }
  }
}
