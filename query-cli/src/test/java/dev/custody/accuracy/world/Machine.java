package dev.custody.accuracy.world;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A machine that agents run on.
 *
 * @param name host name
 * @param osUser who its agents run as
 * @param home where its repositories lie
 * @param skew how far its clock is ahead of the provider's; negative: behind
 * @param address from where the world sees it; many share one
 * @param hooks whether the agents here have Custody's hooks
 * @param offline whether what its collector records reaches Kafka a day later only
 */
public record Machine(
    String name,
    String osUser,
    Path home,
    Duration skew,
    String address,
    boolean hooks,
    boolean offline) {}
