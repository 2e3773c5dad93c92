package dev.custody.spool;

import dev.custody.chain.ChainHead;
import dev.custody.chain.Envelope;
import dev.custody.chain.Link;
import dev.custody.digest.Bytes;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.wire.Formats;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/**
 * The collector's durable memory, a RocksDB directory that one process owns.
 *
 * <p>An envelope is kept under its position, the order of recording over all chains, from {@link
 * #append} until {@link #trim}. Source ids are kept for ever: a source may be read again at any
 * time.
 *
 * <p>Safe for use by several threads; {@link #append} and {@link #reopen} by one only, the chain's
 * writer.
 */
public final class Spool implements AutoCloseable {
  private static final int FORMAT = 1;
  private static final byte[] FORMAT_KEY = key("format");
  private static final byte[] END_KEY = key("end");
  private static final byte[] TRIMMED_KEY = key("trimmed");

  /** {@code u64 bytes appended before || i64 observedAt || chain}, before the envelope. */
  private static final int ROW_HEADER_BYTES = 2 * Long.BYTES + ChainId.SIZE;

  private final Path directory;
  private final SpoolLimits limits;

  // Native memory is freed under the write lock only: to use it afterwards would end the process.
  private final ReadWriteLock open = new ReentrantReadWriteLock();
  private @Nullable Store store;
  // Looked up at each opening; null only before the first.
  private volatile @Nullable DiskRoom room;

  // Both are what the store holds, for readers without a look-up; set after the write is durable.
  private volatile End end = End.NONE;
  private volatile Mark trimmed = Mark.ZERO;

  private Spool(Path directory, SpoolLimits limits) {
    this.directory = directory;
    this.limits = limits;
  }

  /**
   * Opens {@code directory}, making it where it is missing.
   *
   * @throws SpoolException when another process has it, it is damaged, or of another release
   */
  public static Spool open(Path directory, SpoolLimits limits) throws SpoolException {
    Spool spool = new Spool(directory, limits);
    spool.openStore();
    return spool;
  }

  private void openStore() throws SpoolException {
    try {
      Files.createDirectories(directory);
      room = new DiskRoom(directory, limits.keepFree());
    } catch (IOException e) {
      throw new SpoolException("spool " + directory + " cannot be made: " + e.getMessage(), e);
    }
    Store opened = Store.open(directory);
    try {
      checkFormat(opened);
      end = readEnd(opened.getNote(END_KEY));
      trimmed = readTrimmed(opened.getNote(TRIMMED_KEY));
      store = opened;
    } catch (RocksDBException e) {
      opened.close();
      throw damaged(e.getMessage(), e);
    } catch (SpoolException e) {
      opened.close();
      throw e;
    }
  }

  private void checkFormat(Store opened) throws RocksDBException, SpoolException {
    byte[] format = opened.getNote(FORMAT_KEY);
    if (format == null) {
      try (WriteBatch batch = new WriteBatch()) {
        opened.putNote(batch, FORMAT_KEY, new byte[] {FORMAT});
        opened.write(batch);
      }
    } else if (format.length != 1 || format[0] != FORMAT) {
      throw new SpoolException(
          "spool %s has format %s, expected %d; it is another release's"
              .formatted(directory, new Bytes(format).hex(), FORMAT));
    }
  }

  private SpoolException damaged(@Nullable String what, @Nullable Throwable cause) {
    String message =
        "spool %s is damaged: %s; try: move it aside, the next chain will say that its predecessor is unknown"
            .formatted(directory, what);
    return cause == null ? new SpoolException(message) : new SpoolException(message, cause);
  }

  /** The newest durable link, of whichever chain; null before the first. */
  public @Nullable ChainHead head() {
    return end.head();
  }

  /** The position that the next envelope will have. */
  public long end() {
    return end.mark().position();
  }

  /** The oldest position that is still kept; {@link #end} when there is none. */
  public long trimmed() {
    return trimmed.position();
  }

  /**
   * Why nothing more should be recorded now, or null while there is room, in the spool and on its
   * disk. The limits are looked at before a commit, so one commit may go beyond them.
   */
  public @Nullable String fullness() {
    DiskRoom disk = room;
    String lack = disk == null ? null : disk.lack();
    if (lack != null) {
      return lack;
    }
    End to = end;
    Mark from = trimmed;
    long envelopes = to.mark().position() - from.position();
    long bytes = to.mark().bytes() - from.bytes();
    if (envelopes < limits.envelopes() && bytes < limits.bytes()) {
      return null;
    }
    return "spool %s is full: %,d envelopes and %,d bytes wait for Kafka, at most %,d and %,d may; is Kafka reachable?"
        .formatted(directory, envelopes, bytes, limits.envelopes(), limits.bytes());
  }

  /** Those of {@code sources} of whose records an event is durable. */
  public Set<SourceKey> recorded(Set<SourceKey> sources) throws SpoolException {
    if (sources.isEmpty()) {
      return Set.of();
    }
    List<SourceKey> asked = List.copyOf(sources);
    List<byte[]> keys = asked.stream().map(SourceKey::toKey).toList();
    boolean[] has = reading(opened -> opened.hasSources(keys));
    Set<SourceKey> recorded = new HashSet<>();
    for (int i = 0; i < has.length; i++) {
      if (has[i]) {
        recorded.add(asked.get(i));
      }
    }
    return recorded;
  }

  /**
   * Makes {@code sealed} durable, in their order, with the source ids and the new head: on return
   * all of it is on disk, after a crash or an exception all or none is. That each follows the one
   * before it is checked; within {@code sealed} what an envelope says of its predecessor's link is
   * believed.
   *
   * @throws SpoolException when the write fails; what is durable is known after {@link #reopen}
   * @throws IllegalArgumentException when one of them does not follow the one before it and opens
   *     no chain either: it would be a fork
   */
  public void append(List<Sealed> sealed) throws SpoolException {
    if (sealed.isEmpty()) {
      return;
    }
    End to =
        reading(opened -> {
          try (WriteBatch batch = new WriteBatch()) {
            End last = end;
            for (int i = 0; i < sealed.size(); i++) {
              Envelope next = i + 1 < sealed.size() ? sealed.get(i + 1).envelope() : null;
              last = put(opened, batch, sealed.get(i), next, last);
            }
            opened.putNote(batch, END_KEY, last.write());
            opened.write(batch);
            return last;
          }
        });
    end = to;
  }

  private static End put(
      Store opened, WriteBatch batch, Sealed sealed, @Nullable Envelope next, End before)
      throws RocksDBException {
    Envelope envelope = sealed.envelope();
    requireFollowing(envelope, before.head());
    ChainHead head = new ChainHead(envelope.chain(), envelope.sequence(), link(envelope, next));
    byte[] encoded = Formats.ENVELOPE.encode(envelope);
    byte[] row =
        ByteBuffer.allocate(ROW_HEADER_BYTES + encoded.length)
            .putLong(before.mark().bytes())
            .putLong(sealed.observedAt().toEpochMilli())
            .put(envelope.chain().asByteBuffer())
            .put(encoded)
            .array();
    opened.putEnvelope(batch, before.mark().position(), row);
    if (sealed.source() != null) {
      opened.putSource(batch, sealed.source().toKey());
    }
    Mark mark = new Mark(before.mark().position() + 1, before.mark().bytes() + row.length);
    return new End(mark, head);
  }

  // What the next of its chain follows: both were linked in one go. Only the last is hashed again.
  private static Digest link(Envelope envelope, @Nullable Envelope next) {
    return next != null && next.chain().equals(envelope.chain())
        ? next.previous()
        : Link.of(envelope).hash();
  }

  private static void requireFollowing(Envelope envelope, @Nullable ChainHead head) {
    boolean opensChain = envelope.sequence() == 0 && envelope.previous().equals(Digest.ZERO);
    boolean rivalOfHead = head != null && head.chain().equals(envelope.chain());
    boolean follows =
        head != null
            && rivalOfHead
            && envelope.sequence() == head.sequence() + 1
            && envelope.previous().equals(head.link());
    if (!follows && (rivalOfHead || !opensChain)) {
      throw new IllegalArgumentException(
          "%s#%d does not follow %s: it would be a fork"
              .formatted(envelope.chain(), envelope.sequence(), head));
    }
  }

  /**
   * The envelopes from position {@code from} on, in order, as many as both limits allow and at
   * least one where there is one.
   *
   * @throws SpoolException when it cannot be read, or one is missing
   */
  public List<Spooled> read(long from, int maxEnvelopes, long maxBytes) throws SpoolException {
    long first = Math.max(from, trimmed());
    long last = Math.min(end(), first + maxEnvelopes);
    List<Spooled> found = new ArrayList<>();
    long bytes = 0;
    try (Rows rows = new Rows(first)) {
      for (long at = first; at < last && bytes < maxBytes; at++) {
        Spooled next = rows.next(at);
        bytes += next.envelope().size();
        found.add(next);
      }
    }
    return found;
  }

  /** Reads rows one after another; holds the store open meanwhile. */
  private final class Rows implements AutoCloseable {
    private final RocksIterator iterator;

    Rows(long first) throws SpoolException {
      open.readLock().lock();
      try {
        iterator = opened().envelopes();
        iterator.seek(positionKey(first));
      } catch (SpoolException | RuntimeException e) {
        open.readLock().unlock();
        throw e;
      }
    }

    Spooled next(long expected) throws SpoolException {
      try {
        iterator.status();
      } catch (RocksDBException e) {
        throw damaged(e.getMessage(), e);
      }
      if (!iterator.isValid()) {
        throw damaged("expected an envelope at position " + expected + ", found none", null);
      }
      long found = ByteBuffer.wrap(iterator.key()).getLong();
      if (found != expected) {
        throw damaged("expected position " + expected + ", found " + found, null);
      }
      Spooled row = readRow(found, iterator.value());
      iterator.next();
      return row;
    }

    @Override
    public void close() {
      iterator.close();
      open.readLock().unlock();
    }
  }

  private Spooled readRow(long position, byte[] row) throws SpoolException {
    if (row.length < ROW_HEADER_BYTES) {
      throw damaged("position " + position + " has " + row.length + " bytes", null);
    }
    ByteBuffer in = ByteBuffer.wrap(row, Long.BYTES, row.length - Long.BYTES);
    long observedAt = in.getLong();
    byte[] chain = new byte[ChainId.SIZE];
    in.get(chain);
    byte[] envelope = new byte[in.remaining()];
    in.get(envelope);
    return new Spooled(position, new ChainId(chain), observedAt, new Bytes(envelope));
  }

  /**
   * Lets go of all positions before {@code position}.
   *
   * <p>It is synced: a trim that a crash undid would have more sent again than admission remembers.
   *
   * @throws SpoolException when it cannot be written
   */
  public void trim(long position) throws SpoolException {
    Mark from = trimmed;
    long to = Math.min(position, end());
    if (to <= from.position()) {
      return;
    }
    trimmed =
        reading(opened -> {
          Mark mark = new Mark(to, bytesBefore(opened, to));
          try (WriteBatch batch = new WriteBatch()) {
            opened.deleteEnvelopes(batch, from.position(), to);
            opened.putNote(batch, TRIMMED_KEY, mark.write());
            opened.write(batch);
          }
          return mark;
        });
    DiskRoom disk = room;
    if (disk != null && disk.isLow()) {
      reading(opened -> {
        opened.reclaim(to);
        return null;
      });
    }
  }

  private long bytesBefore(Store opened, long position) throws RocksDBException {
    byte[] row = opened.getEnvelope(position);
    return row == null ? end.mark().bytes() : ByteBuffer.wrap(row).getLong();
  }

  /** What a source noted under {@code name}, or null. */
  public byte @Nullable [] note(String name) throws SpoolException {
    return reading(opened -> opened.getNote(key("note/" + name)));
  }

  /** Notes {@code value} under {@code name}, durably, in place of what was there. */
  public void putNote(String name, byte[] value) throws SpoolException {
    reading(opened -> {
      try (WriteBatch batch = new WriteBatch()) {
        opened.putNote(batch, key("note/" + name), value);
        opened.write(batch);
        return null;
      }
    });
  }

  /** What sources noted under names that begin with {@code prefix}, by what stands behind it. */
  public SortedMap<String, byte[]> notes(String prefix) throws SpoolException {
    byte[] first = key("note/" + prefix);
    return reading(opened -> {
      SortedMap<String, byte[]> found = new TreeMap<>();
      try (RocksIterator notes = opened.notes()) {
        for (notes.seek(first); notes.isValid() && startsWith(notes.key(), first); notes.next()) {
          byte[] name = notes.key();
          found.put(
              new String(name, first.length, name.length - first.length, StandardCharsets.UTF_8),
              notes.value());
        }
        notes.status();
      }
      return found;
    });
  }

  private static boolean startsWith(byte[] name, byte[] prefix) {
    return name.length >= prefix.length
        && Arrays.equals(name, 0, prefix.length, prefix, 0, prefix.length);
  }

  /** Forgets what was noted under {@code name}, durably. */
  public void removeNote(String name) throws SpoolException {
    reading(opened -> {
      try (WriteBatch batch = new WriteBatch()) {
        opened.deleteNote(batch, key("note/" + name));
        opened.write(batch);
        return null;
      }
    });
  }

  /**
   * After a failed {@link #append}: closes the directory and opens it again, so that {@link #head}
   * is what really became durable.
   */
  public void reopen() throws SpoolException {
    open.writeLock().lock();
    try {
      closeStore();
      openStore();
    } finally {
      open.writeLock().unlock();
    }
  }

  @Override
  public void close() {
    open.writeLock().lock();
    try {
      closeStore();
    } finally {
      open.writeLock().unlock();
    }
  }

  private void closeStore() {
    if (store != null) {
      store.close();
      store = null;
    }
  }

  private Store opened() throws SpoolException {
    Store opened = store;
    if (opened == null) {
      throw new SpoolException("spool " + directory + " is closed");
    }
    return opened;
  }

  @FunctionalInterface
  private interface Use<T extends @Nullable Object> {
    T of(Store opened) throws RocksDBException;
  }

  private <T extends @Nullable Object> T reading(Use<T> use) throws SpoolException {
    open.readLock().lock();
    try {
      return use.of(opened());
    } catch (RocksDBException e) {
      throw new SpoolException(
          "spool %s failed: %s; is its disk full? What was recorded is kept"
              .formatted(directory, e.getMessage()),
          e);
    } finally {
      open.readLock().unlock();
    }
  }

  private End readEnd(byte @Nullable [] written) throws SpoolException {
    End read = written == null ? End.NONE : End.read(written);
    if (read == null) {
      throw damaged("its end has another length than an end has", null);
    }
    return read;
  }

  private Mark readTrimmed(byte @Nullable [] written) throws SpoolException {
    Mark read = written == null ? Mark.ZERO : Mark.read(written);
    if (read == null) {
      throw damaged("its start has another length than a start has", null);
    }
    return read;
  }

  static byte[] positionKey(long position) {
    return ByteBuffer.allocate(Long.BYTES).putLong(position).array();
  }

  private static byte[] key(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }
}
