/**
 * The collector's HTTP endpoint.
 *
 * <p>Invariant: a hook is answered with an empty body, only after its events are durable; a request
 * is recorded whole or refused whole, and telemetry is answered as OTLP says; nothing that a
 * browser was lured into sending is taken, and beyond loopback nothing without a token.
 *
 * <p>Neighbours: the only importer of Helidon; imports {@code access}, {@code capture}, {@code
 * broker}, {@code source.delegation} and {@code source.otlp}.
 */
@NullMarked
package dev.custody.http;

import org.jspecify.annotations.NullMarked;
