package dev.custody.index;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.Candidate;
import dev.custody.wire.Formats;
import dev.custody.wire.WireException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.lucene.util.BytesRef;

/**
 * The answers about one event that were replaced: the {@link #MOST} of the highest revision, newest
 * first. It depends on which answers came and not on their order, and what is there already changes
 * nothing, so reading on from an earlier offset does no harm.
 */
final class History {
  static final int MOST = 16;
  static final History NONE = new History(List.of());

  private final List<Entry> entries;

  /** An answer, and the bytes that it came in. */
  private record Entry(Attribution answer, BytesRef record) {
    long revision() {
      return answer.revision();
    }
  }

  private History(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws IndexException when it is damaged
   */
  static History of(byte[] encoded) {
    List<Entry> entries = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(encoded);
    try {
      while (in.hasRemaining()) {
        int size = in.getInt();
        if (size < 0 || size > in.remaining()) {
          throw new BufferUnderflowException();
        }
        byte[] record = new byte[size];
        in.get(record);
        entries.add(new Entry(Formats.ATTRIBUTION.decode(record), new BytesRef(record)));
      }
    } catch (WireException | BufferUnderflowException e) {
      throw new IndexException(
          "the history of an event is damaged in the index",
          "delete the index; it is built again",
          e);
    }
    return new History(entries);
  }

  byte[] encode() {
    ByteBuffer out =
        ByteBuffer.allocate(
            entries.stream().mapToInt(e -> Integer.BYTES + e.record().length).sum());
    entries.forEach(e -> out.putInt(e.record().length).put(e.record().bytes));
    return out.array();
  }

  /** What was said otherwise before {@code current}; of the same in a row only the newest. */
  List<Attribution> before(Attribution current) {
    List<Attribution> others = new ArrayList<>();
    Attribution newer = current;
    for (Entry entry : entries) {
      if (entry.revision() < current.revision() && !isSame(entry.answer(), newer)) {
        others.add(entry.answer());
      }
      newer = entry.answer();
    }
    return others;
  }

  /** With {@code answer}; itself when that adds nothing. */
  History with(Attribution answer, byte[] record) {
    int at = 0;
    while (at < entries.size() && entries.get(at).revision() > answer.revision()) {
      at++;
    }
    boolean known = at < entries.size() && entries.get(at).revision() == answer.revision();
    if (known || at == MOST) {
      return this;
    }
    List<Entry> all = new ArrayList<>(entries);
    all.add(at, new Entry(answer, new BytesRef(record)));
    return new History(all.subList(0, Math.min(MOST, all.size())));
  }

  /** Whether both say the same of who did it, how well that is known, and under what. */
  static boolean isSame(Attribution a, Attribution b) {
    return isSame(a.best(), b.best())
        && a.humanGrade() == b.humanGrade()
        && a.delegation().verdict() == b.delegation().verdict()
        && Objects.equals(a.delegation().id(), b.delegation().id());
  }

  private static boolean isSame(Candidate a, Candidate b) {
    return a.grade() == b.grade()
        && Objects.equals(a.agent(), b.agent())
        && Objects.equals(a.human(), b.human())
        && Objects.equals(a.session(), b.session())
        && Objects.equals(a.prompt(), b.prompt())
        && Objects.equals(a.toolCall(), b.toolCall());
  }
}
