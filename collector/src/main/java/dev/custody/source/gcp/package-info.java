/**
 * The audit logs of Google Cloud and of Google Workspace, as Cloud Logging has them ({@code
 * LogEntry} with a {@code google.cloud.audit.AuditLog}): their records as attribution needs them,
 * and the events that they become.
 *
 * <p>Allowed neighbours: {@code dev.custody.source.records}, {@code capture}, {@code sighting},
 * {@code redact}, {@code event}, {@code signing}, Jackson.
 */
@NullMarked
package dev.custody.source.gcp;

import org.jspecify.annotations.NullMarked;
