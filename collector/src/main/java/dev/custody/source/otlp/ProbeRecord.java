package dev.custody.source.otlp;

import dev.custody.capture.Observer;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Source;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The log record by which {@code custody doctor} tries whether telemetry arrives. Like the probe of
 * a hook it is the collector's own event and nobody's activity; nothing but its session is kept.
 */
final class ProbeRecord {
  private static final String SERVICE = "custody-doctor";
  private static final String NAME = "custody.probe";
  private static final String KIND = "CustodyProbe";
  private static final Pattern SESSION = Pattern.compile("custody-probe-[a-z0-9]{8,64}");

  private ProbeRecord() {}

  /** The event of {@code record}; null when it is no probe. */
  static @Nullable Event event(Telemetry record, Observer observer) {
    String session = record.identifier("session.id");
    boolean probe =
        record.service().equals(SERVICE)
            && !record.isSpan()
            && record.name().equals(NAME)
            && record.attributes().size() == 2
            && session != null
            && SESSION.matcher(session).matches();
    if (!probe) {
      return null;
    }
    return new EventBuilder(
            new Source("custody", KIND, null, null),
            observer.host(),
            observer.clock().instant(),
            new Body.Observed(KIND))
        .within(session, null, null)
        .action("custody:probe")
        .resources(List.of(Signal.LOGS.path()))
        .build();
  }
}
