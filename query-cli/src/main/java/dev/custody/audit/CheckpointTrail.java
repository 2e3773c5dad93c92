package dev.custody.audit;

import dev.custody.audit.RecordSource.Place;
import dev.custody.digest.Digest;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints of one log by their size, on disk: a year of them is more than memory should
 * hold. A log writes them in that order; the few that a restart wrote again are kept aside.
 */
final class CheckpointTrail implements Closeable {
  private static final int MAX_STRAYS = 10_000;

  private final FileChannel file;
  private final DataOutputStream out;
  private final TreeMap<Long, Entry> strays = new TreeMap<>();
  private @Nullable DataInputStream in;
  private @Nullable Entry newest;
  private @Nullable Entry next;
  private long count;
  private boolean tooMany;

  /**
   * A checkpoint.
   *
   * @param size of the tree
   * @param root there
   * @param place where it is stored
   */
  record Entry(long size, Digest root, Place place) {}

  CheckpointTrail() throws IOException {
    this.file =
        FileChannel.open(
            Files.createTempFile("custody-audit", ".checkpoints"),
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    this.out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(file)));
  }

  /**
   * Takes a checkpoint.
   *
   * @return one that gives another root for the same size, null when there is none
   */
  @Nullable Entry add(Entry entry) throws IOException {
    count++;
    Entry last = newest;
    if (last != null && entry.size() <= last.size()) {
      Entry same = entry.size() == last.size() ? last : strays.putIfAbsent(entry.size(), entry);
      tooMany |= strays.size() > MAX_STRAYS;
      return same == null || same.root().equals(entry.root()) ? null : same;
    }
    newest = entry;
    out.writeLong(entry.size());
    out.write(entry.root().toByteArray());
    out.writeLong(entry.place().offset());
    return null;
  }

  /** Whether more came out of order than are kept: then not every one is compared. */
  boolean tooMany() {
    return tooMany;
  }

  long count() {
    return count;
  }

  /** The one of the largest size, null when there is none. */
  @Nullable Entry newest() {
    return newest;
  }

  /** Says that all have come. */
  void begin() throws IOException {
    out.flush();
    file.position(0);
    in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(file)));
    advance();
  }

  /** The smallest that was not taken yet, null at the end. */
  @Nullable Entry peek() {
    Entry stray = strays.isEmpty() ? null : strays.firstEntry().getValue();
    Entry regular = next;
    return stray != null && (regular == null || stray.size() < regular.size()) ? stray : regular;
  }

  /** Takes what {@link #peek} shows. */
  void take() throws IOException {
    Entry shown = peek();
    if (shown != null && shown.equals(next)) {
      advance();
    } else if (shown != null) {
      strays.remove(shown.size());
    }
  }

  private void advance() throws IOException {
    DataInputStream from = in;
    if (from == null || from.available() == 0) {
      next = null;
      return;
    }
    long size = from.readLong();
    byte[] root = from.readNBytes(Digest.SIZE);
    Entry last = newest;
    Place like = last == null ? new Place(0, 0, null, 0) : last.place();
    next =
        new Entry(
            size, new Digest(root), new Place(like.partition(), from.readLong(), like.file(), 0));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
