package dev.custody.accuracy.play;

import dev.custody.accuracy.scenario.Organisation;
import dev.custody.accuracy.scenario.Step;
import dev.custody.accuracy.world.Machine;
import dev.custody.admission.CertificateAuthority;
import dev.custody.admission.TrustedRoots;
import dev.custody.digest.Bytes;
import dev.custody.signing.KeyDirectory;
import dev.custody.signing.Signer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The same sources without HTTP, spool and Kafka: what they say is sealed into chains at once. For
 * tests, and for experiments with the order of arrival.
 */
public final class SourcesAlone implements AutoCloseable {
  private final Signer root;
  private final KeyDirectory keys;
  private final Cloud cloud;
  private final Map<String, Station> stations = new LinkedHashMap<>();
  private final List<ChainRoom> rooms = new ArrayList<>();
  private final List<Arrival> arrivals = new ArrayList<>();
  private final List<List<Arrival>> late = new ArrayList<>();

  /**
   * A record as Kafka would hold it.
   *
   * @param host whose collector wrote it
   */
  public record Arrival(String host, Bytes key, Bytes value, long timestamp) {}

  /** For the machines of {@code organisation}; keys lie in {@code data}. */
  public SourcesAlone(Path data, Organisation organisation) throws Exception {
    this.keys = KeyDirectory.open(data.resolve("keys"), data.resolve("wrapping.key"));
    this.root = keys.signer("root");
    Instant start = organisation.script().steps().getFirst().at().minus(Duration.ofMinutes(1));
    this.cloud = new Cloud(start);
    CertificateAuthority authority = new CertificateAuthority(root);
    for (Machine machine : organisation.machines()) {
      if (machine.tells()) {
        stations.put(
            machine.name(),
            room(authority, machine.name(), machine.osUser(), machine.offline(), start));
      }
    }
    stations.put("security-1", room(authority, "security-1", "trail", false, start));
  }

  private ChainRoom room(
      CertificateAuthority authority, String host, String osUser, boolean offline, Instant start)
      throws Exception {
    List<Arrival> output = offline ? new ArrayList<>() : arrivals;
    if (offline) {
      late.add(output);
    }
    ChainRoom room = new ChainRoom(keys, authority, cloud, host, osUser, start, output);
    rooms.add(room);
    return room;
  }

  /** Plays {@code steps}; answers what arrived, in order. */
  public List<Arrival> play(List<Step> steps) throws Exception {
    Station trail = stations.get("security-1");
    if (trail == null) {
      throw new IllegalStateException("nobody takes the cloud's files");
    }
    new Player(stations, trail, cloud, 1).play(steps);
    List<Arrival> all = new ArrayList<>(arrivals);
    late.forEach(all::addAll);
    return all;
  }

  /** The key that vouches for all of them. */
  public Signer root() {
    return root;
  }

  /** The key of the transparency log. */
  public Signer log() throws Exception {
    return keys.signer("log");
  }

  /** Whom the stream trusts. */
  public TrustedRoots roots() {
    return new TrustedRoots(List.of(root.publicKey()));
  }

  @Override
  public void close() {
    rooms.forEach(ChainRoom::close);
    cloud.close();
  }
}
