package dev.custody.audit;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the records of {@code custody.events} come from. A source is read by one thread; it
 * remembers how far it has come.
 */
public interface RecordSource extends AutoCloseable {
  /**
   * Hands on everything that is stored when the call begins and that no earlier call handed on,
   * partition by partition, each in the order of its offsets.
   *
   * @throws IOException when nothing can be said: the store cannot be reached or read at all
   */
  void read(Sink sink) throws IOException;

  /** How much of what the last call found was handed on, from 0 to 1. */
  double progress();

  @Override
  void close();

  /** Takes what a source reads. */
  interface Sink {
    /** A record, whether or not its batch was whole. */
    void record(Stored record);

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

  /** A record as it is stored; its arrays belong to the receiver. */
  @SuppressWarnings("ArrayRecordComponent")
  record Stored(Place place, byte @Nullable [] key, byte @Nullable [] value, long timestamp) {}
}
