package dev.custody.event;

import org.jspecify.annotations.Nullable;

/**
 * The machine of the collector that observed the event.
 *
 * @param name host name
 * @param os operating system
 */
public record Host(String name, @Nullable String os) {}
