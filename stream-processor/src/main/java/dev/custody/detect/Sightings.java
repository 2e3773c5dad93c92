package dev.custody.detect;

import dev.custody.admit.AdmissionOutcome.Suspicion;
import dev.custody.attribution.Attribution;
import dev.custody.attribution.Candidate;
import dev.custody.attribution.Grade;
import dev.custody.digest.HashDomain;
import dev.custody.event.IdentifierKind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What the rules see in an attributed event, or in a verdict on a chain. */
public final class Sightings {
  private final RuleMatcher rules;

  /** By {@code rules}. */
  public Sightings(RuleMatcher rules) {
    this.rules = rules;
  }

  /**
   * Ids of the rules that see something in an attributed event: those that its content fired, and
   * those that its delegation verdict and what is of concern about its credential fire.
   */
  public Set<String> hits(Attribution event) {
    Set<String> hits = new LinkedHashSet<>(event.hits());
    hits.addAll(rules.hitsOfDelegationUse(event));
    hits.addAll(rules.hitsOfCredentialUse(event));
    return hits;
  }

  /** What each of {@code hits} says of {@code event}. */
  public List<Sighting> of(Attribution event, Collection<String> hits) {
    return hits.stream()
        .map(rule -> sighting(rule, group(event), period(event), false, evidence(event)))
        .toList();
  }

  /** What is seen in a verdict on a chain. */
  public List<Sighting> in(Suspicion suspicion) {
    Instant at = Instant.ofEpochMilli(Math.max(0, suspicion.timestamp()));
    Evidence evidence =
        new Evidence(
            suspicion.key(),
            at,
            suspicion.verdict() + ": " + suspicion.detail(),
            suspicion.verdict(),
            null,
            List.of(),
            null,
            null,
            null,
            null,
            null,
            null,
            Grade.PROVEN,
            null,
            suspicion.position());
    List<Sighting> sightings = new ArrayList<>();
    for (String rule : rules.hitsOfVerdict(suspicion.verdict(), suspicion.detail())) {
      sightings.add(
          sighting(
              rule,
              "chain:" + suspicion.position().chain().hex(),
              day(at),
              suspicion.withdrawn(),
              evidence));
    }
    return sightings;
  }

  /** What is seen in a gap. */
  public List<Sighting> in(Gap gap) {
    return rules.hitsOfGap(gap).stream()
        .map(rule -> sighting(rule, gap.group(), gap.period(), false, gap.evidence()))
        .toList();
  }

  private static Sighting sighting(
      String rule, String group, String period, boolean withdrawn, Evidence evidence) {
    return new Sighting(finding(rule, group, period), rule, group, period, withdrawn, evidence);
  }

  /** Id of the finding of {@code rule} about {@code group} in {@code period}. */
  static String finding(String rule, String group, String period) {
    return HashDomain.FINDING
        .sha256(bytes(rule + "\0"), bytes(group + "\0"), bytes(period))
        .hex()
        .substring(0, 32);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String group(Attribution event) {
    Candidate who = event.best();
    if (who.prompt() != null) {
      return "prompt:" + who.prompt();
    }
    if (who.session() != null) {
      return "session:" + who.session();
    }
    return event.identifiers().stream()
        .filter(i ->
            i.kind() == IdentifierKind.AWS_ACCESS_KEY_ID || i.kind() == IdentifierKind.PRINCIPAL)
        .map(i -> i.kind() + ":" + i.value())
        .findFirst()
        .orElse("host:" + event.host());
  }

  private static String period(Attribution event) {
    Candidate who = event.best();
    if (who.prompt() != null) {
      return who.prompt();
    }
    return who.session() != null ? who.session() : day(event.occurredAt());
  }

  /** The UTC day of {@code moment}, as periods of findings have it. */
  public static String day(Instant moment) {
    return moment.atZone(ZoneOffset.UTC).toLocalDate().toString();
  }

  /** What an attributed event is as evidence. */
  public static Evidence evidence(Attribution event) {
    Candidate who = event.best();
    String address =
        event.identifiers().stream()
            .filter(i -> i.kind() == IdentifierKind.SOURCE_ADDRESS)
            .map(i -> i.value())
            .findFirst()
            .orElse(null);
    return new Evidence(
        event.event().toString(),
        event.occurredAt(),
        summary(event),
        event.kind(),
        event.action(),
        event.resources(),
        who.agent(),
        who.human(),
        who.session(),
        who.prompt(),
        who.toolCall(),
        event.delegation().id(),
        who.grade(),
        address,
        event.position());
  }

  private static String summary(Attribution event) {
    String act = event.action() == null ? event.kind() : event.action();
    String on = event.resources().isEmpty() ? "" : " " + event.resources().getFirst();
    String extract =
        event.extract().length() > 200 ? event.extract().substring(0, 200) + "…" : event.extract();
    return switch (event.kind()) {
      case "CloudCall" ->
          act + on + " (" + event.outcome() + "): " + event.delegation().reason() + concerns(event);
      default -> act + ": " + extract;
    };
  }

  private static String concerns(Attribution event) {
    return event.best().concerns().isEmpty() ? "" : "; of concern: " + event.best().concerns();
  }
}
