package dev.custody.http;

import org.jspecify.annotations.Nullable;

/**
 * How the collector is. It is well while it records; Kafka may be away.
 *
 * @param spoolProblem why nothing can be recorded, or null
 * @param unpublished envelopes that Kafka has not acknowledged
 * @param kafkaProblem why nothing is published, or null
 */
public record Health(
    @Nullable String spoolProblem, long unpublished, @Nullable String kafkaProblem) {}
