package dev.custody.audit;

import dev.custody.admission.Examiner.Raw;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the records of {@code custody.events} come from. A source remembers how far it has come in
 * each partition. Several threads may read it at a time, each another partition.
 */
public interface RecordSource extends AutoCloseable {
  /**
   * Notes what is stored now: the reads that follow cover it and nothing later.
   *
   * @return the number of partitions; they are numbered from 0
   * @throws IOException when nothing can be said: the store cannot be reached or read at all
   */
  int begin() throws IOException;

  /**
   * Hands on what {@link #begin} noted of a partition and no earlier call handed on, in the order
   * of its offsets.
   *
   * @throws IOException when nothing can be said: the store cannot be reached or read at all
   */
  void read(int partition, Sink sink) throws IOException;

  /** Notes what is stored now, and hands it on partition by partition. */
  default void read(Sink sink) throws IOException {
    int partitions = begin();
    for (int partition = 0; partition < partitions; partition++) {
      read(partition, sink);
    }
  }

  /** The same store once more, from its first record on. */
  RecordSource again() throws IOException;

  /** How much of what the last {@link #begin} noted was handed on, from 0 to 1. */
  double progress();

  @Override
  void close();

  /** Takes what a source reads. */
  interface Sink {
    /** A record, whether or not its batch was whole. */
    void record(Stored record) throws IOException;

    /** Something about the storage itself that is not as it must be. */
    void failure(Failure failure);
  }

  /**
   * Where something is stored.
   *
   * @param partition partition of the topic
   * @param offset its offset there
   * @param file segment file, null when a broker gave the record
   * @param position byte in that file
   */
  record Place(int partition, long offset, @Nullable Path file, long position) {}

  /** A record as it is stored; its bytes stay as they are. */
  record Stored(Place place, Raw raw) {
    /** A copy of the key. */
    public byte @Nullable [] key() {
      return raw.key();
    }

    /** A copy of the value. */
    public byte @Nullable [] value() {
      return raw.value();
    }

    /** Kafka timestamp, milliseconds. */
    public long timestamp() {
      return raw.timestamp();
    }
  }
}
