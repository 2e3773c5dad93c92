package dev.custody.topic;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * Every topic of Custody, declared once: what the embedded broker, a real cluster, docker-compose
 * and the tests all read.
 *
 * <p>Keys and values are bytes on the wire; {@link #key()} and {@link #value()} say what they hold.
 */
public enum Topic {
  /** The only source of truth; its partition count is fixed at creation. */
  EVENTS("custody.events", "chain id, 16 bytes", "Avro Envelope", Keep.FOR_EVER),
  /** What failed admission, whole. */
  REJECTS(
      "custody.rejects",
      "chain id or what the key was, hex, 64 bytes of it",
      "Avro Reject",
      Keep.DAYS_90),
  /** Who did it, graded; the highest revision wins. */
  ATTRIBUTED("custody.attributed", "event id, 36 characters", "Avro Attribution", Keep.DAYS_90),
  /** One edge a record. */
  TRACES("custody.traces", "prompt id", "Avro TraceEdge", Keep.DAYS_90),
  /** One OCSF Detection Finding a record. */
  ALERTS("custody.alerts", "finding id", "OCSF 1.8.0 Detection Finding, JSON", Keep.DAYS_90),
  /** Full tiles of the transparency log, each once, and of each log the newest open tile. */
  TILES("custody.tiles", "log origin and tile path", "tile", Keep.NEWEST),
  /** Checkpoints of the transparency log. */
  CHECKPOINTS("custody.checkpoints", "log origin", "C2SP checkpoint", Keep.FOR_EVER);

  /**
   * Largest record on every topic, changelogs and repartition topics included, in bytes (2 MiB).
   */
  public static final int MAX_MESSAGE_BYTES = 2 << 20;

  /**
   * Largest record on {@link #EVENTS}, in bytes: what is refused goes whole to {@link #REJECTS},
   * with the reason beside it.
   */
  public static final int MAX_EVENTS_MESSAGE_BYTES = MAX_MESSAGE_BYTES - (64 << 10);

  /**
   * Partitions of a topic on one machine; more machines want more, and the count is fixed at
   * creation.
   */
  public static final int DEFAULT_PARTITIONS = 2;

  /**
   * Longest time until an acknowledged record of {@link #EVENTS} is forced to disk by its broker,
   * in milliseconds.
   */
  public static final int FLUSH_MILLIS = 200;

  /**
   * How far the time of a record may be ahead of its broker's. Kafka refuses what is more than an
   * hour ahead: one record of a clock that was wrong would hold up all that follow it.
   */
  public static final String AFTER_MAX = "message.timestamp.after.max.ms";

  /** Any time whatever, for {@link #AFTER_MAX}. */
  public static final String ANY_TIME = Long.toString(Long.MAX_VALUE);

  private final String topicName;
  private final String key;
  private final String value;
  private final Keep keep;

  private enum Keep {
    FOR_EVER(-1),
    NEWEST(-1),
    DAYS_90(Duration.ofDays(90).toMillis());

    private final long millis;

    Keep(long millis) {
      this.millis = millis;
    }
  }

  Topic(String topicName, String key, String value, Keep keep) {
    this.topicName = topicName;
    this.key = key;
    this.value = value;
    this.keep = keep;
  }

  /** Its name in Kafka. */
  public String topicName() {
    return topicName;
  }

  /** What the key holds, in words. */
  public String key() {
    return key;
  }

  /** What the value holds, in words. */
  public String value() {
    return value;
  }

  /** Its settings in Kafka, sorted by name. */
  public Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("cleanup.policy", keep == Keep.NEWEST ? "compact" : "delete");
    settings.put(
        "max.message.bytes",
        Integer.toString(this == EVENTS ? MAX_EVENTS_MESSAGE_BYTES : MAX_MESSAGE_BYTES));
    settings.put("retention.ms", Long.toString(keep.millis));
    settings.put("retention.bytes", "-1");
    settings.put("message.timestamp.type", "CreateTime");
    settings.put(AFTER_MAX, ANY_TIME);
    if (this == EVENTS) {
      settings.put("flush.ms", Integer.toString(FLUSH_MILLIS));
      // One damaged byte must damage one record: nothing may be packed together with others.
      settings.put("compression.type", "uncompressed");
    }
    return settings;
  }

  NewTopic toCreate(int partitions, short replication) {
    return new NewTopic(topicName, partitions, replication).configs(settings());
  }
}
