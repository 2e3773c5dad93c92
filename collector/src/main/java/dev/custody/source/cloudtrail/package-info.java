/**
 * Reads AWS CloudTrail: files as the service delivers them and as people cut them, and records as
 * attribution needs them.
 *
 * <p>Invariants: memory is constant whatever a file claims to be (a record, its depth and a
 * compressed stream are bounded); what can't be read is a {@link
 * dev.custody.source.cloudtrail.CloudTrailFiles.Problem} with its place, never silence; no message
 * repeats what a file holds, for records carry session tokens and redaction comes later.
 *
 * <p>Allowed neighbours: {@code dev.custody.source}, Jackson; {@code CloudTrailSource} also {@code
 * capture}, {@code sighting}, {@code redact}, {@code event} and {@code signing}.
 */
@NullMarked
package dev.custody.source.cloudtrail;

import org.jspecify.annotations.NullMarked;
