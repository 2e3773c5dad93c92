/**
 * Audit logs of the world, whoever keeps them: files of JSON records in any shape, read once or
 * followed while they grow, and the one interface behind which each provider's log stands.
 *
 * <p>Invariants: memory is constant whatever a file claims to be (a record, its depth and a
 * compressed stream are bounded); what can't be read is a {@link
 * dev.custody.source.records.RecordFiles.Problem} with its place, never silence; no message repeats
 * what a file holds, for records carry session tokens and redaction comes later.
 *
 * <p>Allowed neighbours: {@code capture}, {@code event}, {@code sighting}, {@code tag}, Jackson.
 * Each log has a package of its own beside it, and those use this one.
 */
@NullMarked
package dev.custody.source.records;

import org.jspecify.annotations.NullMarked;
