package dev.custody.delegations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.collector.Organisation;
import dev.custody.delegation.Bearer;
import dev.custody.digest.Bytes;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Host;
import dev.custody.event.Source;
import dev.custody.identity.Delegation;
import dev.custody.identity.InvalidDelegationException;
import dev.custody.identity.Scope;
import dev.custody.identity.SpiffeId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DelegationBookTest {
  private static final SpiffeId AGENT =
      SpiffeId.parse("spiffe://acme.example/agent/claude-code/shop");
  private static final String SESSION = "s1";
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir Path directory;

  private final MemoryNotes notes = new MemoryNotes();
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private Organisation organisation;
  private DelegationBook book;

  @BeforeEach
  void open() throws Exception {
    organisation = Organisation.in(directory.resolve("acme"));
    book = open(now);
  }

  private DelegationBook open(Instant at) throws Exception {
    return DelegationBook.open(notes, organisation.roots(), () -> at);
  }

  private RecordedDelegation newest(DelegationBook of) {
    return Objects.requireNonNull(of.newestInForce(Organisation.HUMAN, AGENT, SESSION, now));
  }

  private static RecordedDelegation found(DelegationBook of, String id) {
    return Objects.requireNonNull(of.find(id));
  }

  private void assertSame(DelegationBook again, String id) {
    RecordedDelegation before = found(book, id);
    assertThat(found(again, id))
        .usingRecursiveComparison()
        .ignoringFields("chain")
        .isEqualTo(before);
    assertThat(found(again, id).chain().hops()).isEqualTo(before.chain().hops());
  }

  private Event granted(String id, SpiffeId delegate, Instant from, Duration lasting)
      throws Exception {
    return granted(id, delegate, from, lasting, 0);
  }

  private Event granted(String id, SpiffeId delegate, Instant from, Duration lasting, int maxDepth)
      throws Exception {
    Delegation delegation =
        new Delegation(
            id,
            Organisation.HUMAN,
            delegate,
            new Scope(List.of(new Scope.Grant(List.of("s3:Get*"), List.of("*")))),
            from,
            from,
            from.plus(lasting),
            "",
            maxDepth);
    return recorded(
        new Body.DelegationGranted(
            id,
            organisation.humanKey().sign(delegation),
            organisation.humanCertificate(),
            List.of()));
  }

  private Event revoked(String id) throws Exception {
    return revoked(id, organisation);
  }

  private Event revoked(String id, Organisation by) throws Exception {
    String token =
        by.humanKey()
            .sign(
                new Delegation.Revocation(
                    "rev-" + id, Organisation.HUMAN, id, Instant.now(), "no longer"));
    return recorded(new Body.DelegationRevoked(id, token, by.humanCertificate()));
  }

  @Test
  void aRevocationThatTheGrantorDidNotSignIsNotUsed() throws Exception {
    Organisation stranger = Organisation.in(directory.resolve("stranger"));
    book.recorded(granted("dlg-12345678", AGENT, now, HOUR));
    book.recorded(revoked("dlg-12345678", stranger));
    assertThat(found(book, "dlg-12345678").revokedAt()).isNull();
  }

  private Event recorded(Body body) {
    return new EventBuilder(
            new Source("custody", body.name(), null, null), new Host("laptop", "linux"), now, body)
        .build();
  }

  @Test
  void theNewestGrantInForceOfThatHumanToThatAgentIsFound() throws Exception {
    book.recorded(granted("dlg-earlier1", AGENT, now.minusSeconds(60), HOUR));
    book.recorded(granted("dlg-newest01", AGENT, now.minusSeconds(10), HOUR));
    book.recorded(granted("dlg-ended001", AGENT, now.minusSeconds(5), Duration.ofSeconds(3)));
    book.recorded(granted("dlg-later001", AGENT, now.plusSeconds(60), HOUR));
    book.recorded(
        granted("dlg-other001", SpiffeId.parse("spiffe://acme.example/agent/codex"), now, HOUR));
    assertThat(newest(book).id()).isEqualTo("dlg-newest01");
    assertThat(book.newestInForce("joe@acme.example", AGENT, SESSION, now)).isNull();
    assertThat(book.newestInForce(Organisation.HUMAN, AGENT, SESSION, now.plusSeconds(7200)))
        .isNull();
    assertThat(book.grants(Organisation.HUMAN, AGENT, SESSION)).hasSize(4);
  }

  @Test
  void aGrantToAnIdAboveIsForEachAgentBelowIt() throws Exception {
    book.recorded(
        granted(
            "dlg-above001", SpiffeId.parse("spiffe://acme.example/agent/claude-code"), now, HOUR));
    assertThat(newest(book).id()).isEqualTo("dlg-above001");
  }

  @Test
  void theBookIsTheSameAfterARestart() throws Exception {
    book.recorded(granted("dlg-stays001", AGENT, now, HOUR));
    book.recorded(granted("dlg-revoked1", AGENT, now, HOUR));
    book.recorded(revoked("dlg-revoked1"));
    DelegationBook again = open(now);
    for (String id : List.of("dlg-stays001", "dlg-revoked1")) {
      assertSame(again, id);
    }
    assertThat(found(again, "dlg-revoked1").revokedAt()).isEqualTo(now);
    assertThat(newest(again).id()).isEqualTo("dlg-stays001");
  }

  @Test
  void whatEndedLongAgoIsForgottenOnDiskToo() throws Exception {
    book.recorded(granted("dlg-ended001", AGENT, now, HOUR));
    DelegationBook later = open(now.plus(DelegationBook.KEPT).plus(Duration.ofHours(2)));
    assertThat(later.size()).isZero();
    assertThat(notes.all("")).isEmpty();
  }

  @Test
  void anotherTokenUnderAKnownIdIsRefused() throws Exception {
    book.recorded(granted("dlg-12345678", AGENT, now, HOUR));
    Event wider = granted("dlg-12345678", AGENT, now, Duration.ofDays(1));
    assertThatThrownBy(() -> book.knows((Body.DelegationGranted) wider.body()))
        .isInstanceOf(InvalidDelegationException.class)
        .hasMessageContaining("another token was recorded under id dlg-12345678");
    book.recorded(wider);
    assertThat(found(book, "dlg-12345678").delegation().expiresAt()).isEqualTo(now.plus(HOUR));
  }

  @Test
  void aRevocationThatCameBeforeItsGrantCounts() throws Exception {
    book.recorded(revoked("dlg-12345678"));
    book.recorded(granted("dlg-12345678", AGENT, now, HOUR));
    assertThat(book.newestInForce(Organisation.HUMAN, AGENT, SESSION, now)).isNull();
  }

  @Test
  void aRevocationThatNobodySignedIsNotUsed() throws Exception {
    book.recorded(granted("dlg-12345678", AGENT, now, HOUR));
    book.recorded(
        recorded(new Body.DelegationRevoked("dlg-12345678", "t", new Bytes(new byte[0]))));
    assertThat(newest(book).id()).isEqualTo("dlg-12345678");
  }

  @Test
  void whatWasHandedOnEndsWithItsParentAndWithItsSession() throws Exception {
    Event parent = granted("dlg-parent01", AGENT, now.minusSeconds(60), HOUR, 1);
    book.recorded(parent);
    SubAgentHops hops =
        new SubAgentHops(
            book, organisation.hopSigner(), organisation.roots(), organisation.observer());
    Binding binding = new Binding("dlg-parent01", Binding.Basis.NEWEST_GRANT);
    Event hop =
        Objects.requireNonNull(hops.handOn(binding, Organisation.HUMAN, AGENT, SESSION, "a1b2c3"));
    book.recorded(hop);
    String id = Objects.requireNonNull(hop.delegation());
    Instant later = Instant.now().plusSeconds(1);
    SpiffeId subAgent = new Bearer(AGENT, "a1b2c3").id();
    assertThat(subAgent).hasToString(AGENT + "/a1b2c3");
    assertThat(book.hop(Organisation.HUMAN, subAgent, SESSION, later)).isSameAs(found(book, id));
    assertThat(book.hop(Organisation.HUMAN, subAgent, "s2", later)).isNull();
    assertThat(found(book, id).delegation().maxDepth()).isZero();
    assertThat(hops.handOn(binding, Organisation.HUMAN, AGENT, SESSION, "a1b2c3")).isNull();
    assertThat(
            hops.handOn(
                new Binding(id, Binding.Basis.HOP), Organisation.HUMAN, subAgent, SESSION, "d4"))
        .as("the hop allows no further one")
        .isNull();

    book.recorded(revoked("dlg-parent01"));
    assertThat(found(book, id).revokedAt()).isEqualTo(now);
    book.recorded(
        new EventBuilder(
                new Source("claude-code", "SessionEnd", null, null),
                new Host("laptop", "linux"),
                now,
                new Body.SessionEnded("exit"))
            .within(SESSION, null, null)
            .build());
    assertThat(found(book, id).end()).isEqualTo(now);
    assertSame(open(now), id);
  }

  @Test
  void aNoteThatSomebodyForgedIsNotUsed() throws Exception {
    Organisation stranger = Organisation.in(directory.resolve("stranger"));
    book.recorded(granted("dlg-12345678", AGENT, now, HOUR));
    DelegationBook theirs = DelegationBook.open(notes, stranger.roots(), () -> now);
    assertThat(theirs.size()).isZero();
    notes.put("delegation/dlg-damaged1", new byte[] {'{'});
    assertThat(open(now).size()).isEqualTo(1);
  }

  @Test
  void theProjectBindsBeforeTheEnvironmentAndThatBeforeTheNewestGrant() throws Exception {
    book.recorded(granted("dlg-newest01", AGENT, now, HOUR));
    Bindings bindings = new Bindings(book);
    String root = directory.toString();
    assertThat(bindings.at(root, " ", Organisation.HUMAN, AGENT, SESSION, null, now))
        .isEqualTo(new Binding("dlg-newest01", Binding.Basis.NEWEST_GRANT));
    assertThat(bindings.at(root, "dlg-environ1", Organisation.HUMAN, AGENT, SESSION, null, now))
        .isEqualTo(new Binding("dlg-environ1", Binding.Basis.ENVIRONMENT));
    Path file = Files.createDirectory(directory.resolve(".custody")).resolve("delegation");
    Files.writeString(file, "dlg-project1\n");
    assertThat(bindings.at(root, "dlg-environ1", Organisation.HUMAN, AGENT, SESSION, null, now))
        .isEqualTo(new Binding("dlg-project1", Binding.Basis.PROJECT));
    Files.writeString(file, "dlg-changed12\n");
    assertThat(bindings.at(root, null, Organisation.HUMAN, AGENT, SESSION, null, now).id())
        .isEqualTo("dlg-changed12");
    Files.delete(file);
    assertThat(bindings.at(root, null, "joe@acme.example", AGENT, SESSION, null, now))
        .isEqualTo(Binding.NONE);
  }

  @Test
  void aProjectFileThatIsNoIdBindsToNothingKnown() throws Exception {
    book.recorded(granted("dlg-newest01", AGENT, now, HOUR));
    Bindings bindings = new Bindings(book);
    Path custody = Files.createDirectory(directory.resolve(".custody"));
    Path file = custody.resolve("delegation");
    Binding unreadable = new Binding(Binding.UNREADABLE, Binding.Basis.PROJECT);
    for (String text : List.of("", "two lines\nof text", "x".repeat(1000), "\0")) {
      Files.writeString(file, text);
      assertThat(
              bindings.at(
                  directory.toString(), null, Organisation.HUMAN, AGENT, SESSION, null, now))
          .isEqualTo(unreadable);
    }
    Files.delete(file);
    Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "dlg-newest01\n");
    Files.createSymbolicLink(file, elsewhere);
    assertThat(
            bindings.at(directory.toString(), null, Organisation.HUMAN, AGENT, SESSION, null, now))
        .isEqualTo(unreadable);
    assertThat(
            bindings
                .at(directory.toString(), "a b", Organisation.HUMAN, AGENT, SESSION, null, now)
                .id())
        .isEqualTo(Binding.UNREADABLE);
  }
}
