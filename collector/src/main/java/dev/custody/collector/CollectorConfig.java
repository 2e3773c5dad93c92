package dev.custody.collector;

import dev.custody.admission.TrustedRoots;
import dev.custody.capture.Observer;
import dev.custody.http.HttpConfig;
import dev.custody.http.Routes;
import dev.custody.publish.KafkaOutlet;
import dev.custody.publish.Outlet;
import dev.custody.spool.SpoolLimits;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a collector is made of.
 *
 * @param data its own directory
 * @param outlet where it publishes; {@link #kafka} is the usual one
 * @param http where it listens
 * @param routes what it listens for
 * @param observer what its events say of the machine
 * @param keys its key, read at each start and when it is told to look again
 * @param roots whom it believes about humans' keys; must vouch for its own as well
 * @param limits of the spool
 * @param heartbeat how often it says that it is alive
 * @param software name and version, as its chains say
 */
public record CollectorConfig(
    Path data,
    Outlet.Opener outlet,
    HttpConfig http,
    Routes.Opener routes,
    Observer observer,
    CollectorKey.Source keys,
    TrustedRoots roots,
    SpoolLimits limits,
    Duration heartbeat,
    String software) {
  /** How often a collector says that it is alive, when nobody says otherwise. */
  public static final Duration HEARTBEAT = Duration.ofMinutes(1);

  /** Publishes to {@code custody.events} of a cluster; makes the topics that are missing. */
  public static Outlet.Opener kafka(String bootstrapServers, int partitions, short replication) {
    return KafkaOutlet.to(bootstrapServers, partitions, replication);
  }

  /** The usual collector: default limits and heartbeat, on a loopback port (0: any). */
  public static CollectorConfig of(
      Path data,
      Outlet.Opener outlet,
      int httpPort,
      Routes.Opener routes,
      Observer observer,
      CollectorKey.Source keys,
      TrustedRoots roots) {
    return new CollectorConfig(
        data,
        outlet,
        HttpConfig.loopback(httpPort),
        routes,
        observer,
        keys,
        roots,
        SpoolLimits.DEFAULT,
        HEARTBEAT,
        "custody-collector 0.1");
  }
}
