package dev.custody.bench;

import dev.custody.admission.CertificateAuthority;
import dev.custody.admission.TrustedRoots;
import dev.custody.capture.Observer;
import dev.custody.collector.Collector;
import dev.custody.collector.CollectorConfig;
import dev.custody.collector.CollectorException;
import dev.custody.collector.CollectorKey;
import dev.custody.delegations.DelegationBook;
import dev.custody.event.Host;
import dev.custody.http.HookSource;
import dev.custody.http.Routes;
import dev.custody.publish.Outlet;
import dev.custody.signing.KeyDirectory;
import dev.custody.signing.KeyException;
import dev.custody.signing.Signer;
import dev.custody.tag.SessionEnvironment;
import dev.custody.tag.SessionTags;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A machine with keys of its own, and the real collector on it. */
record BenchMachine(Path directory, KeyDirectory keys, Observer observer) {
  static BenchMachine in(Path directory) throws KeyException {
    KeyDirectory keys =
        KeyDirectory.open(directory.resolve("keys"), directory.resolve("wrapping.key"));
    return new BenchMachine(
        directory,
        keys,
        new Observer(
            new Host("laptop", "linux"),
            "dana",
            "acme.example",
            keys.fingerprintKey("fingerprints"),
            Clock.systemUTC()));
  }

  Signer signer() throws KeyException {
    return keys.signer("collector");
  }

  /** Starts the collector, which publishes to {@code outlet}. */
  Collector start(Outlet.Opener outlet, Map<String, HookSource> hooks)
      throws KeyException, CollectorException {
    Signer signer = signer();
    CertificateAuthority authority = new CertificateAuthority(keys.signer("root"));
    TrustedRoots roots = new TrustedRoots(List.of(authority.publicKey()));
    return Collector.start(
        CollectorConfig.of(
            directory.resolve("data"),
            outlet,
            0,
            notes ->
                new Routes(
                    DelegationBook.open(notes, roots, observer.clock()),
                    new SessionEnvironment(
                        SessionTags.open(observer.fingerprints(), notes, observer.clock()),
                        observer),
                    hooks,
                    List.of(),
                    events -> {}),
            observer,
            () ->
                new CollectorKey(
                    signer,
                    authority.certifyCollector(
                        "spiffe://acme.example/collector/laptop",
                        signer.publicKey(),
                        Instant.now(),
                        Duration.ofDays(1))),
            roots));
  }
}
