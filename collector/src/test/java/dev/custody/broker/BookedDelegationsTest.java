package dev.custody.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.custody.attribution.DelegationVerdict;
import dev.custody.capture.CaptureException;
import dev.custody.collector.Organisation;
import dev.custody.delegations.Binding;
import dev.custody.delegations.DelegationBook;
import dev.custody.delegations.MemoryNotes;
import dev.custody.delegations.SubAgentHops;
import dev.custody.event.Actor;
import dev.custody.event.Agent;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Host;
import dev.custody.event.Human;
import dev.custody.event.HumanBasis;
import dev.custody.event.Source;
import dev.custody.identity.Delegation;
import dev.custody.identity.Scope;
import dev.custody.identity.SpiffeId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the broker says of a session's delegation, from what is recorded with real signatures. */
class BookedDelegationsTest {
  private static final String AGENT = "spiffe://acme.example/agent/claude-code/shop";
  private static final String SESSION = "s-1";
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir Path directory;

  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private Organisation organisation;
  private DelegationBook book;

  @BeforeEach
  void open() throws Exception {
    organisation = Organisation.in(directory.resolve("acme"));
    book = DelegationBook.open(new MemoryNotes(), organisation.roots(), () -> now);
  }

  private void granted(String id, String delegate, Instant from, @Nullable String session)
      throws Exception {
    Delegation delegation =
        new Delegation(
            id,
            Organisation.HUMAN,
            Organisation.HUMAN,
            List.of(SpiffeId.parse(delegate)),
            new Scope(List.of(new Scope.Grant(List.of("s3:Get*"), List.of("*")))),
            now,
            from,
            from.plus(HOUR),
            "",
            1,
            session,
            null);
    record(
        new Body.DelegationGranted(
            id,
            organisation.humanKey().sign(delegation),
            organisation.humanCertificate(),
            List.of()));
  }

  private void record(Body body) throws CaptureException {
    book.recorded(
        new EventBuilder(
                new Source("custody", body.name(), null, null),
                new Host("laptop", "linux"),
                now,
                body)
            .build());
  }

  private void revoked(String id) throws Exception {
    String token =
        organisation
            .humanKey()
            .sign(
                new Delegation.Revocation(
                    "rev-" + id, Organisation.HUMAN, id, Instant.now(), "no longer"));
    record(new Body.DelegationRevoked(id, token, organisation.humanCertificate()));
  }

  private KnownSession session(String human) {
    return new KnownSession(
        SESSION,
        new Actor(
            new Human(human, HumanBasis.GIT_EMAIL, null, human),
            new Agent("claude-code", null, AGENT, SESSION, null)),
        directory.toString(),
        null);
  }

  private GrantedDelegation of(@Nullable String presented) throws RefusedException {
    return new BookedDelegations(book).of(session(Organisation.HUMAN), null, presented, now);
  }

  private DelegationVerdict refusal(@Nullable String presented) {
    return Objects.requireNonNull(catchThrowableOfType(RefusedException.class, () -> of(presented)))
        .verdict();
  }

  @Test
  void aRefusalSaysHowTheSessionStandsToItsDelegation() throws Exception {
    assertThat(refusal(null)).isEqualTo(DelegationVerdict.NONE);
    assertThat(refusal("dlg-nowhere1")).isEqualTo(DelegationVerdict.UNKNOWN);
    granted("dlg-ended001", AGENT, now.minus(HOUR.multipliedBy(2)), null);
    assertThat(refusal("dlg-ended001")).isEqualTo(DelegationVerdict.EXPIRED);
    assertThat(refusal(null)).as("the newest, found").isEqualTo(DelegationVerdict.EXPIRED);
    granted("dlg-later001", AGENT, now.plus(HOUR), null);
    assertThat(refusal("dlg-later001")).isEqualTo(DelegationVerdict.NOT_YET_VALID);
    granted("dlg-revoked1", AGENT, now.minusSeconds(60), null);
    revoked("dlg-revoked1");
    assertThat(refusal("dlg-revoked1")).isEqualTo(DelegationVerdict.REVOKED);
    granted("dlg-codex001", "spiffe://acme.example/agent/codex", now.minusSeconds(60), null);
    assertThat(refusal("dlg-codex001")).isEqualTo(DelegationVerdict.OUTSIDE);
    granted("dlg-session1", AGENT, now.minusSeconds(60), "s-of-another");
    assertThat(refusal("dlg-session1")).isEqualTo(DelegationVerdict.OUTSIDE);
  }

  @Test
  void theHopOfASubAgentGivesItsMainAgentNothing() throws Exception {
    granted("dlg-parent01", AGENT, now.minusSeconds(60), null);
    SubAgentHops hops =
        new SubAgentHops(
            book, organisation.hopSigner(), organisation.roots(), organisation.observer());
    Event hop =
        Objects.requireNonNull(
            hops.handOn(
                new Binding("dlg-parent01", Binding.Basis.NEWEST_GRANT),
                Organisation.HUMAN,
                SpiffeId.parse(AGENT),
                SESSION,
                "a1b2c3"));
    book.recorded(hop);
    assertThat(refusal(hop.delegation())).isEqualTo(DelegationVerdict.OUTSIDE);
  }

  @Test
  void whatIsPresentedIsToldFromWhatIsFound() throws Exception {
    granted("dlg-12345678", AGENT, now.minusSeconds(60), null);
    assertThat(of(null).presented()).isFalse();
    assertThat(of("dlg-12345678").presented()).isTrue();
    Files.writeString(
        Files.createDirectory(directory.resolve(".custody")).resolve("delegation"),
        "dlg-12345678\n");
    assertThat(of(null).presented()).isTrue();
  }

  @Test
  void aSessionKeepsTheHumanThatItWasFirstSeenWith() throws Exception {
    KnownSessions sessions = KnownSessions.open(new MemoryNotes());
    for (String human : List.of("dana@acme.example", "rosa@acme.example")) {
      boolean ends =
          sessions.seen(
              new EventBuilder(
                      new Source("claude-code", "PreToolUse", null, null),
                      new Host("laptop", "linux"),
                      now,
                      new Body.ToolCallRequested("Bash"))
                  .within(SESSION, null, null)
                  .actor(session(human).actor())
                  .build());
      assertThat(ends).isFalse();
    }
    assertThat(sessions.find(SESSION).orElseThrow().actor().human())
        .isEqualTo(new Human("dana@acme.example", HumanBasis.GIT_EMAIL, null, "rosa@acme.example"));
  }
}
