/**
 * OpenTelemetry that coding agents send (OTLP/HTTP): each log record and each span becomes the
 * event that tells of it, as {@code docs/events.md} says.
 *
 * <p>Invariant: both encodings end in one form, and one mapping reads it; a request is bounded
 * before it is built; a record is redacted before anything in it but its session is looked at; no
 * message repeats what was sent. Telemetry is a second witness: it changes nothing that is known of
 * a session.
 *
 * <p>Neighbours: the only importer of protobuf and of OpenTelemetry's classes; imports {@code
 * capture}, {@code event}, {@code identity}, {@code redact}, {@code sighting}, {@code signing},
 * {@code source}, {@code source.agent}, {@code source.git}, Jackson.
 */
@NullMarked
package dev.custody.source.otlp;

import org.jspecify.annotations.NullMarked;
