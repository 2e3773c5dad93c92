package dev.custody.log;

import dev.custody.topic.Topic;

/**
 * Something that a log publishes.
 *
 * @param topic {@link Topic#TILES} or {@link Topic#CHECKPOINTS}
 * @param partition partition that it goes to: that of the log
 * @param key of the record
 * @param value of the record; it is never changed
 */
@SuppressWarnings("ArrayRecordComponent")
public record LogRecord(Topic topic, int partition, String key, byte[] value) {}
