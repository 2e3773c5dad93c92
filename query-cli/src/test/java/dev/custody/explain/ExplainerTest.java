package dev.custody.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.custody.chain.Envelope;
import dev.custody.digest.Bytes;
import dev.custody.evidence.EvidenceWorld;
import dev.custody.evidence.EvidenceWorld.Chain;
import dev.custody.evidence.MemorySource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplainerTest {
  private final EvidenceWorld world = new EvidenceWorld();

  private Explanation explain(List<Envelope> stored, Chain chain, long sequence)
      throws IOException {
    Explainer.Answer answer =
        Explainer.explain(
            new MemorySource(stored),
            world.roots(),
            PositionQuery.parse(chain.id().hex() + "#" + sequence));
    assertThat(answer.chains()).hasSize(1);
    return answer.chains().getFirst();
  }

  @Test
  void aSoundRecordIsShownWithItsNeighbours() throws Exception {
    Chain chain = world.open(null).calls("one", "two", "three");
    Explanation explained = explain(world.published(), chain, 2);

    assertThat(explained.sound()).isTrue();
    assertThat(explained.before()).isEqualTo(chain.link(1));
    assertThat(explained.namedNext()).containsExactly(chain.link(2));
    assertThat(explained.last()).isEqualTo(3);
    assertThat(explained.collector()).isEqualTo("spiffe://test/collector/laptop");
    assertThat(explained.records())
        .singleElement()
        .satisfies(r -> {
          assertThat(r.verdict().name()).isEqualTo("Intact");
          assertThat(r.hash()).isEqualTo(chain.link(2));
          assertThat(r.place().offset()).isEqualTo(2);
          assertThat(r.trust().trusted()).isTrue();
        });
  }

  @Test
  void aResendIsNoRival() throws Exception {
    Chain chain = world.open(null).calls("one");
    List<Envelope> stored = new ArrayList<>(world.published());
    stored.add(stored.getLast());
    Explanation explained = explain(stored, chain, 1);
    assertThat(explained.sound()).isTrue();
    assertThat(explained.records())
        .extracting(r -> r.verdict().name())
        .containsExactly("Intact", "Repeat");
  }

  @Test
  void rivalsAreAllShown() throws Exception {
    Chain chain = world.open(null).calls("one");
    Envelope one = chain.envelopes().getLast();
    List<Envelope> stored = new ArrayList<>(world.published());
    byte[] event = one.event().toByteArray();
    event[40] ^= 1;
    stored.add(
        new Envelope(
            one.chain(),
            one.sequence(),
            one.previous(),
            new Bytes(event),
            one.sealFirst(),
            one.sealSize(),
            one.sealPath(),
            one.key(),
            one.signature()));
    Explanation explained = explain(stored, chain, 1);
    assertThat(explained.links()).isEqualTo(2);
    assertThat(explained.sound()).isFalse();
    assertThat(explained.records())
        .extracting(r -> r.verdict().name())
        .containsExactly("Intact", "BadSeal");
  }

  @Test
  void aRevokedKeyIsToldThoughTheRecordWasAdmitted() throws Exception {
    Chain chain = world.open(null).calls("one", "stolen");
    world.open(chain.asPredecessor()).revoked(world.collector, chain, 1);
    Explanation explained = explain(world.published(), chain, 2);
    assertThat(explained.sound()).isFalse();
    assertThat(explained.records())
        .singleElement()
        .satisfies(r -> {
          assertThat(r.verdict().name()).isEqualTo("Intact");
          assertThat(r.trust().detail()).contains("revoked after #1");
        });
    assertThat(explain(world.published(), chain, 1).sound()).isTrue();
  }

  @Test
  void aPositionIsSpelledInOneWay() {
    assertThat(PositionQuery.parse("7F3A#42")).isEqualTo(new PositionQuery("7f3a", 42));
    for (String other :
        List.of("7f3#1", "7f3a", "7f3a#", "7f3a#01", "7f3a#-1", "7f3a#1 ", "xyza#1")) {
      assertThatThrownBy(() -> PositionQuery.parse(other))
          .as(other)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
