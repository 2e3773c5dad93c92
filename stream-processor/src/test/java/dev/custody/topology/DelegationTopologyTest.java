package dev.custody.topology;

import static dev.custody.topology.World.START;
import static dev.custody.topology.World.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.DelegationUse;
import dev.custody.attribution.DelegationVerdict;
import dev.custody.event.Actor;
import dev.custody.event.Agent;
import dev.custody.event.Body;
import dev.custody.event.Body.Hop;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Host;
import dev.custody.event.Human;
import dev.custody.event.HumanBasis;
import dev.custody.event.Source;
import dev.custody.identity.Delegation;
import dev.custody.identity.Scope;
import dev.custody.identity.SpiffeId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Grants, hops, revocations and session ends, in whatever order they reach the stream. */
class DelegationTopologyTest {
  private static final String DANA = "dana@example.test";
  private static final String AGENT = "spiffe://test/agent/claude-code/api";

  @TempDir Path directory;
  private World world;
  private int runs;

  @BeforeEach
  void makeWorld() throws Exception {
    world = new World(directory.resolve("world"));
  }

  private Run run() {
    return new Run(world, directory.resolve("run-" + runs++));
  }

  private static Delegation own(String id, String actions, int maxDepth, @Nullable String session) {
    return new Delegation(
        id,
        DANA,
        DANA,
        List.of(SpiffeId.parse("spiffe://test/agent/claude-code")),
        new Scope(List.of(new Scope.Grant(List.of(actions.split(",", -1)), List.of("*")))),
        START,
        START,
        at(3600),
        "tests",
        maxDepth,
        session,
        null);
  }

  private static Delegation hop(String id, Delegation parent, String token, String actions) {
    List<SpiffeId> actors = new ArrayList<>(parent.actors());
    actors.addFirst(SpiffeId.parse(AGENT + "/reviewer"));
    return new Delegation(
        id,
        "spiffe://test/collector/laptop",
        DANA,
        actors,
        new Scope(List.of(new Scope.Grant(List.of(actions.split(",", -1)), List.of("*")))),
        START,
        START,
        at(3600),
        "",
        parent.maxDepth() - 1,
        parent.session(),
        Delegation.commitment(token));
  }

  private Hop signed(Delegation own) throws Exception {
    return new Hop(world.keyOf(DANA).sign(own), world.certificateOf(DANA));
  }

  private Hop handedOn(Delegation hop) throws Exception {
    return new Hop(world.agentsKeyOf("laptop").sign(hop), world.agentsCertificateOf("laptop"));
  }

  private static EventBuilder builder(Instant at, Body body) {
    return new EventBuilder(
        new Source("custody", null, null, null), new Host("laptop", null), at, body);
  }

  private static Event grant(World.Collector on, double seconds, String id, Hop hop, Hop... above) {
    return on.record(
        builder(
                at(seconds),
                new Body.DelegationGranted(id, hop.token(), hop.certificate(), List.of(above)))
            .action("delegation:grant")
            .delegation(id)
            .build());
  }

  private Event revoke(World.Collector on, double seconds, String id, String by) throws Exception {
    String token =
        world
            .keyOf(by)
            .sign(new Delegation.Revocation("rev-" + id, by, id, at(seconds), "the task is done"));
    return on.record(
        builder(at(seconds), new Body.DelegationRevoked(id, token, world.certificateOf(by)))
            .action("delegation:revoke")
            .delegation(id)
            .build());
  }

  private static EventBuilder ofAgent(
      double seconds, String session, @Nullable String subAgent, Body body) {
    return new EventBuilder(
            new Source("claude-code", null, null, null),
            new Host("laptop", null),
            at(seconds),
            body)
        .actor(
            new Actor(
                new Human(DANA, HumanBasis.GIT_EMAIL, "dana", DANA),
                new Agent("claude-code", null, AGENT, session, subAgent)))
        .within(session, null, null);
  }

  private static Event act(
      World.Collector on,
      double seconds,
      String session,
      @Nullable String subAgent,
      @Nullable String presented) {
    EventBuilder act =
        ofAgent(seconds, session, subAgent, new Body.ToolCallRequested("Bash")).action("tool:Bash");
    return on.record((presented == null ? act : act.delegation(presented)).build());
  }

  private static Event ended(World.Collector on, double seconds, String session) {
    return on.record(ofAgent(seconds, session, null, new Body.SessionEnded("exit")).build());
  }

  private static void assertUse(
      Run run, Event act, DelegationVerdict verdict, @Nullable String id, String reason) {
    DelegationUse use = run.of(act).delegation();
    assertThat(use.verdict()).as("%s", use).isEqualTo(verdict);
    assertThat(use.id()).isEqualTo(id);
    assertThat(use.reason()).isEqualTo(reason);
  }

  @Test
  void aRevokedDelegationAllowsNothingFromWhenTheRevocationWasRecorded() throws Exception {
    World.Collector laptop = world.collector();
    World.Collector desk = world.collector();
    grant(laptop, 1, "dlg-bash0001", signed(own("dlg-bash0001", "tool:*", 0, null)));
    Event before = act(laptop, 50, "one", null, null);
    Event near = act(laptop, 97, "one", null, null);
    Event after = act(laptop, 110, "one", null, null);
    Event named = act(laptop, 111, "one", null, "dlg-bash0001");
    Event revocation = revoke(desk, 100, "dlg-bash0001", DANA);
    for (List<World.Collector> order : List.of(List.of(laptop, desk), List.of(desk, laptop))) {
      try (Run run = run()) {
        order.forEach(c -> run.feed(c.stored()));
        assertUse(
            run, before, DelegationVerdict.WITHIN, "dlg-bash0001", "the scope allows tool:Bash");
        assertThat(run.of(near).delegation().verdict()).isEqualTo(DelegationVerdict.UNCERTAIN);
        String why = "dlg-bash0001 was revoked at " + at(100) + ": the task is done";
        assertUse(run, after, DelegationVerdict.REVOKED, "dlg-bash0001", why);
        assertUse(run, named, DelegationVerdict.REVOKED, "dlg-bash0001", why);
        assertThat(run.of(revocation).delegation().id()).isEqualTo("dlg-bash0001");
        assertThat(run.of(revocation).delegation().reason()).isEqualTo("revokes: the task is done");
      }
    }
  }

  @Test
  void onlyTheGrantorRevokes() throws Exception {
    World.Collector laptop = world.collector();
    grant(laptop, 1, "dlg-bash0001", signed(own("dlg-bash0001", "tool:*", 0, null)));
    revoke(laptop, 2, "dlg-bash0001", "eve@example.test");
    // Signed by the agents' key under the human's name.
    String forged =
        world
            .agentsKeyOf("laptop")
            .sign(new Delegation.Revocation("rev-00000001", DANA, "dlg-bash0001", START, ""));
    laptop.record(
        builder(
                at(3),
                new Body.DelegationRevoked(
                    "dlg-bash0001", forged, world.agentsCertificateOf("laptop")))
            .build());
    Event act = act(laptop, 50, "one", null, null);
    try (Run run = run()) {
      run.feed(laptop.stored());
      assertThat(run.of(act).delegation().verdict()).isEqualTo(DelegationVerdict.WITHIN);
    }
  }

  @Test
  void aHopIsJudgedByItsOwnScopeAndEndsWithItsAncestors() throws Exception {
    World.Collector laptop = world.collector();
    Delegation own = own("dlg-all00001", "tool:*,s3:*", 1, null);
    Hop granted = signed(own);
    grant(laptop, 1, own.id(), granted);
    Delegation hop = hop("dlg-hop00001", own, granted.token(), "s3:Get*");
    grant(laptop, 2, hop.id(), handedOn(hop), granted);
    Event bySub = act(laptop, 50, "one", "reviewer", "dlg-hop00001");
    Event byMain = act(laptop, 51, "one", null, "dlg-all00001");
    revoke(laptop, 100, own.id(), DANA);
    Event afterwards = act(laptop, 110, "one", "reviewer", "dlg-hop00001");
    try (Run run = run()) {
      run.feed(laptop.stored());
      // The hop says nothing of tools, but what it was handed on from does.
      assertUse(
          run,
          bySub,
          DelegationVerdict.OUTSIDE,
          "dlg-hop00001",
          "the scope does not allow tool:Bash");
      assertThat(run.of(bySub).delegation().chain())
          .containsExactly(
              "dlg-all00001: dana@example.test granted spiffe://test/agent/claude-code",
              "dlg-hop00001: the collector spiffe://test/collector/laptop signed for spiffe://test/agent/claude-code/api/reviewer");
      assertThat(run.of(byMain).delegation().verdict()).isEqualTo(DelegationVerdict.WITHIN);
      assertUse(
          run,
          afterwards,
          DelegationVerdict.REVOKED,
          "dlg-hop00001",
          "dlg-hop00001 is handed on from dlg-all00001, which was revoked at "
              + at(100)
              + ": the task is done");
    }
  }

  @Test
  void aWidenedOrSplicedHopDoesNotCount() throws Exception {
    World.Collector laptop = world.collector();
    Delegation own = own("dlg-s3000001", "s3:*", 1, null);
    Hop granted = signed(own);
    grant(laptop, 1, own.id(), granted);
    Delegation widened = hop("dlg-wide0001", own, granted.token(), "tool:*");
    grant(laptop, 2, widened.id(), handedOn(widened), granted);
    Delegation spliced = hop("dlg-splic001", own, granted.token(), "s3:Get*");
    grant(laptop, 3, spliced.id(), handedOn(spliced), signed(own));
    Event one = act(laptop, 50, "one", "reviewer", "dlg-wide0001");
    Event two = act(laptop, 51, "one", "reviewer", "dlg-splic001");
    try (Run run = run()) {
      run.feed(laptop.stored());
      for (Event act : List.of(one, two)) {
        assertThat(run.of(act).delegation().verdict()).isEqualTo(DelegationVerdict.UNKNOWN);
      }
      assertThat(run.of(one).delegation().reason())
          .isEqualTo(
              "dlg-wide0001 was presented; no such delegation of dana@example.test was recorded before");
    }
  }

  @Test
  void aSubAgentFallsUnderADelegationOnlyWhenThatAllowsSubAgents() throws Exception {
    World.Collector laptop = world.collector();
    grant(laptop, 1, "dlg-leaf0001", signed(own("dlg-leaf0001", "tool:*", 0, null)));
    Event leaf = act(laptop, 20, "one", "reviewer", null);
    Event main = act(laptop, 21, "one", null, null);
    grant(laptop, 60, "dlg-deep0001", signed(own("dlg-deep0001", "tool:*", 1, null)));
    Event deep = act(laptop, 80, "one", "reviewer", null);
    try (Run run = run()) {
      run.feed(laptop.stored());
      assertUse(
          run,
          leaf,
          DelegationVerdict.OUTSIDE,
          "dlg-leaf0001",
          "dlg-leaf0001 does not allow sub-agents");
      assertThat(run.of(main).delegation().verdict()).isEqualTo(DelegationVerdict.WITHIN);
      assertUse(run, deep, DelegationVerdict.WITHIN, "dlg-deep0001", "the scope allows tool:Bash");
    }
  }

  @Test
  void aDelegationForASessionEndsWithItAndIsForNoOther() throws Exception {
    World.Collector laptop = world.collector();
    World.Collector desk = world.collector();
    grant(desk, 1, "dlg-sess0001", signed(own("dlg-sess0001", "tool:*", 0, "one")));
    Event during = act(laptop, 20, "one", null, null);
    Event other = act(laptop, 21, "two", null, null);
    Event misused = act(laptop, 22, "two", null, "dlg-sess0001");
    ended(laptop, 60, "one");
    Event afterwards = act(laptop, 80, "one", null, null);
    for (List<World.Collector> order : List.of(List.of(laptop, desk), List.of(desk, laptop))) {
      try (Run run = run()) {
        order.forEach(c -> run.feed(c.stored()));
        assertThat(run.of(during).delegation().verdict()).isEqualTo(DelegationVerdict.WITHIN);
        assertThat(run.of(other).delegation().verdict()).isEqualTo(DelegationVerdict.NONE);
        assertUse(
            run,
            misused,
            DelegationVerdict.OUTSIDE,
            "dlg-sess0001",
            "dlg-sess0001 is for session one, it was presented in two");
        assertUse(
            run,
            afterwards,
            DelegationVerdict.EXPIRED,
            "dlg-sess0001",
            "dlg-sess0001 ended with session one at " + at(60));
      }
    }
  }

  @Test
  void theFirstTokenUnderAnIdCountsAndTheRecordOfTheOtherSaysSo() throws Exception {
    World.Collector laptop = world.collector();
    World.Collector desk = world.collector();
    Event first =
        grant(laptop, 1, "dlg-twice001", signed(own("dlg-twice001", "tool:Read", 0, null)));
    Event second = grant(desk, 2, "dlg-twice001", signed(own("dlg-twice001", "tool:*", 0, null)));
    Event act = act(laptop, 20, "one", null, "dlg-twice001");
    for (List<World.Collector> order : List.of(List.of(laptop, desk), List.of(desk, laptop))) {
      try (Run run = run()) {
        order.forEach(c -> run.feed(c.stored()));
        assertThat(run.of(act).delegation().verdict()).isEqualTo(DelegationVerdict.OUTSIDE);
        assertThat(run.of(second).delegation().reason())
            .isEqualTo("does not count: dlg-twice001 was recorded first in event " + first.id());
        assertThat(run.of(first).delegation().reason()).startsWith("to spiffe://test/agent");
      }
    }
  }

  @Test
  void anIdThatNobodyRecordedOrThatIsForAnotherAgentIsAFinding() throws Exception {
    World.Collector laptop = world.collector();
    Delegation own = own("dlg-codex001", "tool:*", 0, null);
    Delegation other =
        new Delegation(
            own.id(),
            DANA,
            SpiffeId.parse("spiffe://test/agent/codex"),
            own.scope(),
            START,
            START,
            at(3600),
            "",
            0);
    grant(laptop, 1, own.id(), signed(other));
    Event unknown = act(laptop, 20, "one", null, "dlg-nobody01");
    Event foreign = act(laptop, 21, "one", null, "dlg-codex001");
    Event early = act(laptop, 22, "one", null, "dlg-later001");
    grant(laptop, 90, "dlg-later001", signed(own("dlg-later001", "tool:*", 0, null)));
    try (Run run = run()) {
      run.feed(laptop.stored());
      assertThat(run.of(unknown).delegation().verdict()).isEqualTo(DelegationVerdict.UNKNOWN);
      assertThat(run.of(early).delegation().verdict()).isEqualTo(DelegationVerdict.UNKNOWN);
      assertUse(
          run,
          foreign,
          DelegationVerdict.OUTSIDE,
          "dlg-codex001",
          "dlg-codex001 is for spiffe://test/agent/codex, it was presented by " + AGENT);
    }
  }

  @Test
  void theHopOfASubAgentIsForNobodyElse() throws Exception {
    World.Collector laptop = world.collector();
    Delegation own = own("dlg-all00001", "tool:*", 2, null);
    Hop granted = signed(own);
    grant(laptop, 1, own.id(), granted);
    Delegation hop = hop("dlg-hop00001", own, granted.token(), "tool:*");
    grant(laptop, 2, hop.id(), handedOn(hop), granted);
    Event itself = act(laptop, 20, "one", "reviewer", hop.id());
    Event main = act(laptop, 21, "one", null, hop.id());
    Event sibling = act(laptop, 22, "one", "tester", hop.id());
    Event codex =
        laptop.record(
            new EventBuilder(
                    new Source("codex", null, null, null),
                    new Host("laptop", null),
                    at(23),
                    new Body.ToolCallRequested("Bash"))
                .actor(
                    new Actor(
                        new Human(DANA, HumanBasis.GIT_EMAIL, "dana", DANA),
                        new Agent("codex", null, "spiffe://test/agent/codex/api", "two", null)))
                .within("two", null, null)
                .action("tool:Bash")
                .delegation(hop.id())
                .build());
    try (Run run = run()) {
      run.feed(laptop.stored());
      assertUse(run, itself, DelegationVerdict.WITHIN, hop.id(), "the scope allows tool:Bash");
      String owner = "dlg-hop00001 is for " + AGENT + "/reviewer, it was presented by ";
      assertUse(run, main, DelegationVerdict.OUTSIDE, hop.id(), owner + AGENT);
      assertUse(run, sibling, DelegationVerdict.OUTSIDE, hop.id(), owner + AGENT + "/tester");
      assertUse(
          run, codex, DelegationVerdict.OUTSIDE, hop.id(), owner + "spiffe://test/agent/codex/api");
    }
  }

  @Test
  void theFinalStateDoesNotDependOnTheOrderOfGrantsRevocationsAndEnds() throws Exception {
    World.Collector laptop = world.collector();
    World.Collector desk = world.collector();
    World.Collector other = world.collector();
    Delegation own = own("dlg-all00001", "tool:*,s3:*", 1, null);
    Hop granted = signed(own);
    grant(desk, 10, own.id(), granted);
    Delegation hop = hop("dlg-hop00001", own, granted.token(), "tool:Bash");
    grant(other, 12, hop.id(), handedOn(hop), granted);
    grant(other, 14, "dlg-sess0001", signed(own("dlg-sess0001", "tool:*", 1, "one")));
    grant(desk, 15, "dlg-twice001", signed(own("dlg-twice001", "tool:Read", 0, null)));
    grant(other, 16, "dlg-twice001", signed(own("dlg-twice001", "tool:*", 0, null)));
    revoke(desk, 60, own.id(), DANA);
    revoke(other, 70, own.id(), DANA);
    for (double t : new double[] {2, 8, 11, 30, 57, 58.5, 66, 90, 120, 130}) {
      act(laptop, t, "one", null, null);
      act(laptop, t + 0.1, "one", "reviewer", "dlg-hop00001");
      act(laptop, t + 0.2, "two", "reviewer", null);
      act(laptop, t + 0.3, "two", null, "dlg-twice001");
    }
    ended(other, 100, "one");
    List<World.Collector> chains = List.of(laptop, desk, other);
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Map<String, String> expected = finalState(interleave(chains, new Random(0)));
    for (int round = 0; round < 15; round++) {
      assertThat(finalState(interleave(chains, new Random(seed + round))))
          .as("seed %d", seed + round)
          .isEqualTo(expected);
    }
  }

  private Map<String, String> finalState(List<World.Stored> records) {
    try (Run run = run()) {
      run.feed(records);
      run.passTime();
      return run.finalState();
    }
  }

  private static List<World.Stored> interleave(List<World.Collector> chains, Random random) {
    List<Integer> turns = new ArrayList<>();
    for (int c = 0; c < chains.size(); c++) {
      turns.addAll(Collections.nCopies(chains.get(c).stored().size(), c));
    }
    Collections.shuffle(turns, random);
    int[] next = new int[chains.size()];
    List<World.Stored> order = new ArrayList<>();
    turns.forEach(turn -> order.add(chains.get(turn).stored().get(next[turn]++)));
    return order;
  }

  @Test
  void anOldActIsNotToldAnewWhenAGrantArrives() throws Exception {
    World.Collector laptop = world.collector();
    Event old = act(laptop, 1, "one", null, null);
    Event recent = act(laptop, 900, "one", null, null);
    grant(laptop, 1000, "dlg-late0001", signed(own("dlg-late0001", "tool:*", 0, null)));
    try (Run run = run()) {
      run.feed(laptop.stored());
      Attribution untouched = run.of(old);
      assertThat(untouched.revision()).isZero();
      assertThat(untouched.delegation().reason())
          .isEqualTo("no delegation: borrowed identity of dana@example.test");
      assertThat(run.of(recent).delegation().reason())
          .isEqualTo(
              "no delegation: borrowed identity of dana@example.test; dlg-late0001 was granted only afterwards");
    }
  }
}
