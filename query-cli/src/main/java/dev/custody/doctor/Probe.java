package dev.custody.doctor;

import dev.custody.hook.ProbeTarget;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;

/**
 * A hook, or a record of telemetry, that says nothing but that it is a probe.
 *
 * @param target the way it takes
 * @param session by which it is found again
 */
record Probe(ProbeTarget target, String session) {
  /** What the collector knows a probe by; its own counterpart is in {@code dev.custody.probe}. */
  static final String HOOK = "CustodyProbe";

  static final String SESSION = "custody-probe-";

  private static final SecureRandom RANDOM = new SecureRandom();

  static Probe of(ProbeTarget target) {
    byte[] random = new byte[8];
    RANDOM.nextBytes(random);
    return new Probe(target, SESSION + HexFormat.of().formatHex(random));
  }

  String name() {
    return switch (target) {
      case ProbeTarget.Url url -> url.wire().id() + " " + url.url();
      case ProbeTarget.Command command -> command.wire().id() + " " + command.command();
      case ProbeTarget.Telemetry telemetry -> telemetry.wire().id() + " " + telemetry.url();
      case ProbeTarget.Plugin plugin -> plugin.wire().id() + " " + plugin.file();
      case ProbeTarget.GitHook hook -> hook.wire().id() + " " + hook.file();
    };
  }

  String body() {
    return target instanceof ProbeTarget.Telemetry
        ? """
        {"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"custody-doctor"}}]},\
        "scopeLogs":[{"scope":{"name":"custody.doctor"},"logRecords":[{"timeUnixNano":"%d","body":{"stringValue":"custody.probe"},\
        "attributes":[{"key":"event.name","value":{"stringValue":"custody.probe"}},\
        {"key":"session.id","value":{"stringValue":"%s"}}]}]}]}]}\
        """
            .formatted(Instant.now().toEpochMilli() * 1_000_000, session)
        : "{\"hook_event_name\":\"%s\",\"session_id\":\"%s\"}".formatted(HOOK, session);
  }
}
