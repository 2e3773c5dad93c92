package dev.custody.audit;

import dev.custody.audit.RecordSource.Place;
import dev.custody.topic.Topic;
import java.io.IOException;

/** Where the records of the transparency log's topics come from. */
public interface TopicRecords {
  /** Takes what a topic holds. */
  interface Sink {
    /**
     * A record; null where Kafka has none.
     *
     * @param place where it is stored
     */
    void record(Place place, String key, byte[] value) throws IOException;

    /** Something about the storage itself that is not as it must be. */
    void failure(Failure failure);
  }

  /** Nothing is there: only events are at hand. */
  TopicRecords NONE = (topic, partition, sink) -> {};

  /**
   * Hands on what is stored of a partition, in the order of its offsets; nothing when there is no
   * such topic.
   *
   * @throws IOException when nothing can be said
   */
  void read(Topic topic, int partition, Sink sink) throws IOException;
}
