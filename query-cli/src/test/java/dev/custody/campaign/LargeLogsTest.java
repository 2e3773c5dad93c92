package dev.custody.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.audit.Failure;
import dev.custody.audit.LogAudit;
import dev.custody.campaign.Topics.Said;
import dev.custody.chain.Link;
import dev.custody.digest.ChainId;
import dev.custody.digest.Digest;
import dev.custody.topic.Topic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logs of the sizes at which a level is added, with links that need no records. */
class LargeLogsTest {
  private static final ChainId CHAIN = new ChainId(new byte[ChainId.SIZE]);

  private static List<Link> links(int count) {
    List<Link> links = new ArrayList<>();
    Digest previous = Digest.ZERO;
    for (int i = 0; i < count; i++) {
      links.add(
          new Link(CHAIN, i, previous, Digest.sha256(new byte[] {(byte) i, (byte) (i >> 8)})));
      previous = links.getLast().hash();
    }
    return links;
  }

  private static List<Failure> audit(List<Link> links, Topics topics) throws Exception {
    try (LogAudit audit = LogAudit.open(topics, Organisation.roots(), List.of())) {
      for (int i = 0; i < links.size(); i++) {
        audit.admitted(0, i, links.get(i), links.get(i).hash());
      }
      return audit.finish(new MemorySource(List.of()));
    }
  }

  private static List<String> names(List<Failure> failures) {
    return failures.stream().map(Failure::name).distinct().toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 255, 256, 257, 65_535, 65_536, 65_537, 100_000})
  void aCleanLogOfAnySizeIsCleanAndAChangedLinkOrALostTileIsNot(int size) throws Exception {
    List<Link> links = links(size);
    Tree tree = new Tree(links.stream().map(Link::statement).toList());
    Topics topics = Published.of(tree, 5_000).topics();

    assertThat(audit(links, topics)).isEmpty();
    if (size == 0) {
      return;
    }
    assertThat(names(audit(links.subList(0, size - 1), topics))).contains("RolledBackLog");

    List<Link> changed = new ArrayList<>(links);
    Link middle = links.get(size / 2);
    changed.set(size / 2, new Link(CHAIN, middle.sequence(), middle.previous(), Digest.ZERO));
    assertThat(names(audit(changed, topics))).contains("ForkedLog");
  }

  @ParameterizedTest
  @ValueSource(ints = {65_536, 65_537, 100_000})
  void aTileOfAnUpperLevelThatIsGoneOrChangedIsTold(int size) throws Exception {
    List<Link> links = links(size);
    Tree tree = new Tree(links.stream().map(Link::statement).toList());
    Topics topics = Published.of(tree, 5_000).topics();
    List<Said> tiles = new ArrayList<>(topics.of(Topic.TILES, 0));
    int upper = 0;
    while (!tiles.get(upper).key().endsWith("/tile/1/000")) {
      upper++;
    }

    List<Said> without = new ArrayList<>(tiles);
    var _ = without.remove(upper);
    assertThat(names(audit(links, topics.with(Topic.TILES, 0, without))))
        .containsExactly("MissingTile");

    byte[] flipped = tiles.get(upper).value().clone();
    flipped[flipped.length - 1] ^= 1;
    List<Said> with = new ArrayList<>(tiles);
    with.set(upper, new Said(tiles.get(upper).key(), flipped));
    assertThat(names(audit(links, topics.with(Topic.TILES, 0, with)))).containsExactly("BadTile");

    byte[] longer = Arrays.copyOf(tiles.get(upper).value(), flipped.length + 1);
    with.set(upper, new Said(tiles.get(upper).key(), longer));
    assertThat(names(audit(links, topics.with(Topic.TILES, 0, with)))).contains("BadTile");
  }
}
