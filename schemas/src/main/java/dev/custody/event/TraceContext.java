package dev.custody.event;

/**
 * W3C trace context.
 *
 * @param traceId 32 hex digits
 * @param spanId 16 hex digits
 */
public record TraceContext(String traceId, String spanId) {}
