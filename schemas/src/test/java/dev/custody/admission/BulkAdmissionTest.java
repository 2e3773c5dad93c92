package dev.custody.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.custody.admission.ChainVerifier.Signatures;
import dev.custody.admission.Examiner.Raw;
import dev.custody.chain.Envelope;
import dev.custody.digest.Bytes;
import dev.custody.digest.Digest;
import dev.custody.wire.Formats;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * In bulk, with remembered seals and skimmed events, every record gets the very verdict that full
 * decoding with one signature check for each envelope gives.
 */
class BulkAdmissionTest {
  private static final long SEED = Long.getLong("custody.seed", System.nanoTime());
  private static final HexFormat HEX = HexFormat.of();

  private final Random random = new Random(SEED);

  BulkAdmissionTest() {
    System.out.println("seed " + SEED);
  }

  /** The two ways, side by side. */
  private static final class Both {
    private final Examiner inBulk = Examiner.inBulk();
    private final Admission bulk;
    private final Admission full;
    private final Set<String> verdicts;

    Both(TrustedRoots roots, Set<String> verdicts) {
      this.verdicts = verdicts;
      this.bulk = new Admission(new ChainVerifier(roots, new InMemoryChains(), Signatures.SEALS));
      this.full = new Admission(new ChainVerifier(roots, new InMemoryChains(), Signatures.ALL));
    }

    Verdict admit(byte @Nullable [] key, byte @Nullable [] value, long timestamp, String where) {
      Admission.Result one = full.admit(key, value, timestamp);
      Admission.Result other = bulk.admit(inBulk.examine(Raw.of(key, value, timestamp)));
      assertThat(other.verdict()).as(where).isEqualTo(one.verdict());
      assertThat(other.envelope() == null).as(where).isEqualTo(one.envelope() == null);
      assertThat(other.event() == null).as(where).isEqualTo(one.event() == null);
      if (one.event() != null && other.event() != null) {
        assertThat(other.event().event()).as(where).isEqualTo(one.event().event());
        assertThat(other.event().envelope().whole())
            .as(where)
            .isEqualTo(one.event().envelope().whole());
      }
      verdicts.add(one.verdict().name());
      return one.verdict();
    }
  }

  @Test
  void everyVectorGetsItsVerdict() throws Exception {
    for (Map.Entry<String, ? extends JsonNode> vector : VectorFiles.all().entrySet()) {
      JsonNode file = vector.getValue();
      Path root = java.nio.file.Files.createTempFile("root", ".pub");
      java.nio.file.Files.writeString(root, file.path("root").asText() + "\n");
      Both both = new Both(TrustedRoots.read(root), new TreeSet<>());
      java.nio.file.Files.delete(root);
      file.path("before").forEach(before -> admit(both, before, vector.getKey()));
      assertThat(admit(both, file.path("record"), vector.getKey()).name())
          .as(vector.getKey())
          .isEqualTo(file.path("verdict").asText());
    }
  }

  private static Verdict admit(Both both, JsonNode record, String name) {
    return both.admit(
        hex(record.path("key")),
        hex(record.path("value")),
        record.path("timestamp").asLong(),
        name);
  }

  private static byte @Nullable [] hex(JsonNode node) {
    return node.isTextual() ? HEX.parseHex(node.asText()) : null;
  }

  @Test
  void changedRecordsAmongGoodOnesGetTheSameVerdict(@TempDir Path directory) throws Exception {
    Set<String> verdicts = new TreeSet<>();
    Both both = null;
    TestChain chain = null;
    for (int round = 0; round < 12_000; round++) {
      if (both == null || chain == null || round % 2_000 == 0) {
        chain = TestChain.open(directory.resolve("c" + round));
        both = new Both(chain.roots(), verdicts);
        admit(both, chain.envelopes().getFirst(), round);
      }
      List<Envelope> sealed = chain.sealHeartbeats(1 + random.nextInt(64));
      List<Envelope> sent = new ArrayList<>(sealed);
      if (random.nextInt(4) == 0) {
        java.util.Collections.shuffle(sent, random);
      }
      for (Envelope envelope : sent) {
        if (random.nextInt(4) == 0) {
          admitChanged(both, envelope, sealed, round);
        }
        if (random.nextInt(50) > 0) {
          admit(both, envelope, round);
        }
        round++;
      }
    }
    assertThat(verdicts)
        .as("seed %d", SEED)
        .contains("Intact", "Gap", "LateFit", "Repeat", "BadSeal", "Malformed", "Relabelled");
  }

  private static void admit(Both both, Envelope envelope, int round) {
    both.admit(
        envelope.chain().toByteArray(),
        Formats.ENVELOPE.encode(envelope),
        TestChain.NOW.toEpochMilli(),
        "seed %d round %d".formatted(SEED, round));
  }

  private void admitChanged(Both both, Envelope e, List<Envelope> sealed, int round) {
    byte[] value =
        Formats.ENVELOPE.encode(
            switch (random.nextInt(5)) {
              case 0 -> with(e, e.event(), path(e), e.sealSize());
              case 1 -> with(e, changed(e.event()), e.sealPath(), e.sealSize());
              case 2 -> with(e, e.event(), sealed.getFirst().sealPath(), e.sealSize());
              case 3 -> with(e, e.event(), e.sealPath(), 1 + random.nextInt(66));
              default -> with(e, sealed.getLast().event(), e.sealPath(), e.sealSize());
            });
    if (random.nextInt(3) == 0) {
      value = changed(new Bytes(value)).toByteArray();
    }
    both.admit(
        e.chain().toByteArray(),
        random.nextInt(40) == 0 ? Arrays.copyOf(value, value.length - 1) : value,
        TestChain.NOW.toEpochMilli() + (random.nextInt(40) == 0 ? 1 : 0),
        "seed %d round %d".formatted(SEED, round));
  }

  private List<Digest> path(Envelope e) {
    List<Digest> path = new ArrayList<>(e.sealPath());
    if (path.isEmpty() || random.nextInt(4) == 0) {
      path.add(Digest.ZERO);
    } else {
      int at = random.nextInt(path.size());
      path.set(at, new Digest(changed(path.get(at)).toByteArray()));
    }
    return path;
  }

  private Bytes changed(Bytes bytes) {
    byte[] changed = bytes.toByteArray();
    changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
    return new Bytes(changed);
  }

  private static Envelope with(Envelope e, Bytes event, List<Digest> path, int sealSize) {
    return new Envelope(
        e.chain(),
        e.sequence(),
        e.previous(),
        event,
        e.sealFirst(),
        sealSize,
        path,
        e.key(),
        e.signature());
  }
}
