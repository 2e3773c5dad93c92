package dev.custody.attribute;

import dev.custody.attribution.Candidate;
import dev.custody.attribution.Grade;
import dev.custody.event.IdentifierKind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * What each claim explains, as far as it may be too much: what one call does goes out from one
 * address, and it does once what its command names once. Where a claim explains more, somebody else
 * did some of it, with a copy of what the session knew; which of it, nothing tells.
 *
 * <p>A row for each claim and trait says which value the events that it explains have, or that they
 * have several. So what an event adds costs the same however many there are, no number of others
 * can come between two, and what is said in the end depends on the set of events alone.
 */
final class Uses {
  /** State store of the rows: claim's place, trait. */
  static final String STORE = "uses";

  private static final String COPIED =
      "within the same call it was used once more, from elsewhere or for the same: the command"
          + " explains one of the two";

  private static final Bytes SEVERAL = Bytes.wrap(new byte[0]);

  private final KeyValueStore<Bytes, Bytes> rows;

  Uses(KeyValueStore<Bytes, Bytes> rows) {
    this.rows = rows;
  }

  /**
   * One respect in which what a call does is one.
   *
   * @param trait a family of addresses, or an operation on resources
   * @param value the address; of an operation, the place of the event that it was
   * @param isOneEvent whether each event has a value of its own
   */
  record Use(String trait, Bytes value, boolean isOneEvent) {}

  /**
   * What {@code ask}, of which a claim says {@code scored}, is a use of: nothing where that does
   * not rest on what can be copied, or the claim does not explain it.
   *
   * <p>A tag is the session's alone: whoever sends it from elsewhere within a call has a copy,
   * whatever the command says; and what it says too little of may be made up for by another
   * identifier. A key may be many's.
   */
  static List<Use> of(Scored scored, Ask ask) {
    Question question = ask.question();
    boolean corroborated = scored.candidate().grade().compareTo(Grade.CORROBORATED) <= 0;
    boolean copyable =
        scored.inside()
            && switch (scored.basis()) {
              case SHOWN -> corroborated;
              case TAGGED -> !question.kind().equals("CommitCreated");
              case ISSUED, NAMED, PRINCIPAL, REPOSITORY, COMMIT, GRANT, SAME_USER -> false;
            };
    List<Use> uses = new ArrayList<>();
    String address = question.first(IdentifierKind.SOURCE_ADDRESS);
    if (copyable && address != null && Scoring.isAddress(address)) {
      // Of an IPv4 and an IPv6 address one machine has both.
      uses.add(new Use(address.indexOf(':') < 0 ? "4" : "6", Bytes.wrap(bytes(address)), false));
    }
    if (copyable
        && corroborated
        && question.action() != null
        && scored.mention() >= Agreement.OPERATION) {
      String operation = question.action() + "\0" + String.join("\0", question.resources());
      uses.add(new Use("=" + operation, ask.place(), true));
    }
    return uses;
  }

  /**
   * Takes in that {@code claim} explains a {@code use}.
   *
   * @return the one that had been before, where by this it has become too much; else null
   */
  @Nullable Bytes add(Claim claim, Use use) {
    Bytes row = row(claim, use.trait());
    Bytes before = rows.get(row);
    if (before == null) {
      rows.put(row, use.value());
      return null;
    }
    if (before.equals(SEVERAL) || before.equals(use.value())) {
      return null;
    }
    rows.put(row, SEVERAL);
    return before;
  }

  /** Whether {@code claim} explains more than its call did in any of the ways of {@code uses}. */
  boolean areTooMany(Claim claim, List<Use> uses) {
    return uses.stream().anyMatch(use -> SEVERAL.equals(rows.get(row(claim, use.trait()))));
  }

  /** Forgets what {@code claim} explains. */
  void forget(Claim claim) {
    List<Bytes> old = new ArrayList<>();
    Bytes first = row(claim, "");
    try (KeyValueIterator<Bytes, Bytes> found = rows.range(first, row(claim, "\uffff"))) {
      found.forEachRemaining(entry -> old.add(entry.key));
    }
    old.forEach(rows::delete);
  }

  // The length comes first, so that no claim's rows lie among another's.
  private static Bytes row(Claim claim, String trait) {
    byte[] place = claim.place().get();
    byte[] name = bytes(trait);
    return Bytes.wrap(
        ByteBuffer.allocate(Integer.BYTES + place.length + name.length)
            .putInt(place.length)
            .put(place)
            .put(name)
            .array());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** {@code scored}, no more than inferred, and why. */
  static Scored doubted(Scored scored) {
    Candidate c = scored.candidate();
    List<String> reasons = new ArrayList<>(c.reasons());
    reasons.add(COPIED);
    return scored.with(c.graded(Grade.INFERRED, reasons));
  }

  /** Whether what is said of {@code candidate} is in doubt because of another event. */
  static boolean isDoubted(Candidate candidate) {
    return candidate.reasons().contains(COPIED);
  }
}
