package dev.custody.admission;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code docs/format.md} as plainly as it can be written, with classes of the JDK only. It answers
 * with the name of the verdict, and shares no code with what it checks.
 */
public final class ReferenceVerifier {
  private static final HexFormat HEX = HexFormat.of();
  private static final byte[] ED25519 = HEX.parseHex("302a300506032b6570032100");
  private static final byte[] ZEROS = new byte[32];
  private static final int KEPT = 4096;
  private static final int GAPS = 64;
  private static final int KEYS = 64;
  private static final int MAX_RECORD = 2 << 20;
  private static final int MAX_EVENT = 900 << 10;

  private static final ReferenceAvro ENVELOPE = ReferenceAvro.of("envelope.avsc");
  private static final ReferenceAvro EVENT =
      ReferenceAvro.of(
          "event.avsc", "earlier/event-3.avsc", "earlier/event-2.avsc", "earlier/event-1.avsc");
  private static final ReferenceAvro CERTIFICATE =
      ReferenceAvro.of("certificate.avsc", "earlier/certificate-1.avsc");
  private static final ReferenceAvro SIGNED = ReferenceAvro.of("signed-certificate.avsc");

  private final Map<String, byte[]> roots = new HashMap<>();
  private final Map<String, Chain> chains = new HashMap<>();

  /** A key, its validity, and the first position that it seals. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Key(long from, byte[] publicKey, String subject, long notBefore, long notAfter) {}

  private static final class Chain {
    private final List<Key> keys = new ArrayList<>();
    private final TreeMap<Long, byte[][]> links = new TreeMap<>();
    private final List<long[]> gaps = new ArrayList<>();
    private long next;

    Chain(Key first) {
      keys.add(first);
    }

    Key keyAt(long sequence) {
      return keys.reversed().stream().filter(k -> k.from <= sequence).findFirst().orElseThrow();
    }

    /** The last position under the key that is in force at a position. */
    long lastUnderKeyAt(long sequence) {
      return keys.stream()
          .filter(k -> k.from > sequence)
          .mapToLong(k -> k.from - 1)
          .findFirst()
          .orElse(Long.MAX_VALUE);
    }
  }

  ReferenceVerifier(byte[] rootPublicKey) {
    roots.put(HEX.formatHex(keyId(rootPublicKey)), rootPublicKey);
  }

  /** The bytes that go first. */
  public static byte[] domain(String label) {
    return (label + "\0").getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] sha256(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One after the other. */
  public static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** Big-endian. */
  public static byte[] u64(long value) {
    return ByteBuffer.allocate(8).putLong(value).array();
  }

  static byte[] u32(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  /** Of a raw public key. */
  public static byte[] keyId(byte[] publicKey) {
    return Arrays.copyOf(sha256(domain("custody.key.v1"), publicKey), 16);
  }

  static byte[] chainId(byte[] genesisEvent) {
    return Arrays.copyOf(sha256(domain("custody.chain.v1"), genesisEvent), 16);
  }

  static byte[] linkStatement(byte[] chain, long sequence, byte[] previous, byte[] event) {
    return concat(domain("custody.link.v1"), chain, u64(sequence), previous, sha256(event));
  }

  static byte[] leaf(byte[] data) {
    return sha256(new byte[] {0}, data);
  }

  static byte[] node(byte[] left, byte[] right) {
    return sha256(new byte[] {1}, left, right);
  }

  /** RFC 6962, section 2.1, word for word. */
  static byte[] root(List<byte[]> leaves) {
    if (leaves.size() == 1) {
      return leaves.getFirst();
    }
    int k = 1;
    while (k * 2 < leaves.size()) {
      k *= 2;
    }
    return node(root(leaves.subList(0, k)), root(leaves.subList(k, leaves.size())));
  }

  /** The root at the end of a path, by halving the tree; null when the length is not its. */
  static byte @Nullable [] climb(long index, long size, byte[] leaf, List<byte[]> path) {
    if (size == 1) {
      return path.isEmpty() ? leaf : null;
    }
    if (path.isEmpty()) {
      return null;
    }
    long k = 1;
    while (k * 2 < size) {
      k *= 2;
    }
    byte[] sibling = path.getLast();
    List<byte[]> below = path.subList(0, path.size() - 1);
    byte[] child =
        index < k ? climb(index, k, leaf, below) : climb(index - k, size - k, leaf, below);
    if (child == null) {
      return null;
    }
    return index < k ? node(child, sibling) : node(sibling, child);
  }

  static byte[] sealStatement(byte[] key, byte[] chain, long first, int size, byte[] root) {
    return concat(domain("custody.seal.v1"), key, chain, u64(first), u32(size), root);
  }

  /** Ed25519, by the JDK. */
  public static boolean verifies(byte[] publicKey, byte[] signature, byte[] statement) {
    try {
      PublicKey key =
          KeyFactory.getInstance("Ed25519")
              .generatePublic(new X509EncodedKeySpec(concat(ED25519, publicKey)));
      Signature ed25519 = Signature.getInstance("Ed25519");
      ed25519.initVerify(key);
      ed25519.update(statement);
      return ed25519.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static byte[] bytes(Map<String, @Nullable Object> record, String field) {
    return (byte[]) Objects.requireNonNull(record.get(field));
  }

  private static long number(Map<String, @Nullable Object> record, String field) {
    return (Long) Objects.requireNonNull(record.get(field));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, @Nullable Object> child(
      Map<String, @Nullable Object> record, String field) {
    return (Map<String, @Nullable Object>) Objects.requireNonNull(record.get(field));
  }

  @SuppressWarnings("unchecked")
  private static List<byte[]> path(Map<String, @Nullable Object> envelope) {
    return (List<byte[]>) Objects.requireNonNull(envelope.get("sealPath"));
  }

  /** The verdict on a Kafka record. */
  String admit(byte @Nullable [] key, byte @Nullable [] value, long timestamp) {
    Map<String, @Nullable Object> envelope;
    Map<String, @Nullable Object> event;
    try {
      if (value == null || value.length > MAX_RECORD) {
        return "Malformed";
      }
      envelope = ENVELOPE.decode(value);
      if (bytes(envelope, "event").length > MAX_EVENT || number(envelope, "sequence") < 0) {
        return "Malformed";
      }
      event = EVENT.decode(bytes(envelope, "event"));
    } catch (IllegalArgumentException e) {
      return "Malformed";
    }
    if (!Arrays.equals(key, bytes(envelope, "chain")) || number(event, "observedAt") != timestamp) {
      return "Relabelled";
    }
    return chained(envelope, event);
  }

  private String chained(
      Map<String, @Nullable Object> envelope, Map<String, @Nullable Object> event) {
    String id = HEX.formatHex(bytes(envelope, "chain"));
    long sequence = number(envelope, "sequence");
    Chain chain = chains.get(id);
    if (chain == null && sequence > 0) {
      return "NoGenesis";
    }
    if (chain == null) {
      Map<String, @Nullable Object> body = child(event, "body");
      if (!Arrays.equals(chainId(bytes(envelope, "event")), bytes(envelope, "chain"))
          || !"Genesis".equals(body.get("@type"))
          || !Arrays.equals(ZEROS, bytes(envelope, "previous"))) {
        return "BadGenesis";
      }
      Key first = certified(bytes(body, "certificate"), 0);
      if (first == null) {
        return "UnknownSigner";
      }
      chain = new Chain(first);
    }
    Key key = chain.keyAt(sequence);
    if (!Arrays.equals(keyId(key.publicKey), bytes(envelope, "key"))) {
      return "WrongKey";
    }
    Map<String, @Nullable Object> body = child(event, "body");
    boolean rotates = "KeyRotated".equals(body.get("@type"));
    long sealEnd = number(envelope, "sealFirst") + number(envelope, "sealSize") - 1;
    if (number(envelope, "sealFirst") < key.from
        || sealEnd > chain.lastUnderKeyAt(sequence)
        || (rotates && sealEnd != sequence)) {
      return "BadSeal";
    }
    byte[] link =
        leaf(
            linkStatement(
                bytes(envelope, "chain"),
                sequence,
                bytes(envelope, "previous"),
                bytes(envelope, "event")));
    if (!sealed(envelope, link, key)) {
      return "BadSeal";
    }
    long observedAt = number(event, "observedAt");
    if (observedAt < key.notBefore || observedAt >= key.notAfter) {
      return "KeyOutsideValidity";
    }
    chains.put(id, chain);
    String verdict = placed(chain, sequence, link, bytes(envelope, "previous"), true);
    if (!rotates || !List.of("Intact", "Gap", "LateFit").contains(verdict)) {
      return placed(chain, sequence, link, bytes(envelope, "previous"), false);
    }
    Key next = certified(bytes(body, "certificate"), sequence + 1);
    if (verdict.equals("LateFit")) {
      return "BadRotation";
    } else if (next == null) {
      return "UnknownSigner";
    } else if (!next.subject.equals(key.subject)
        || chain.keys.size() == KEYS
        || chain.keys.stream().anyMatch(k -> Arrays.equals(k.publicKey, next.publicKey))) {
      return "BadRotation";
    }
    chain.keys.add(next);
    return placed(chain, sequence, link, bytes(envelope, "previous"), false);
  }

  private @Nullable Key certified(byte[] signed, long from) {
    try {
      Map<String, @Nullable Object> outer = SIGNED.decode(signed);
      byte[] root = roots.get(HEX.formatHex(bytes(outer, "rootKey")));
      byte[] statement = concat(domain("custody.certificate.v1"), bytes(outer, "certificate"));
      if (root == null || !verifies(root, bytes(outer, "signature"), statement)) {
        return null;
      }
      Map<String, @Nullable Object> inner = CERTIFICATE.decode(bytes(outer, "certificate"));
      return "COLLECTOR".equals(inner.get("role"))
          ? new Key(
              from,
              bytes(inner, "publicKey"),
              String.valueOf(inner.get("subject")),
              number(inner, "notBefore"),
              number(inner, "notAfter"))
          : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static boolean sealed(Map<String, @Nullable Object> envelope, byte[] link, Key key) {
    long first = number(envelope, "sealFirst");
    long size = number(envelope, "sealSize");
    long sequence = number(envelope, "sequence");
    if (size < 1 || size > 64 || first < 0 || first > Long.MAX_VALUE - size) {
      return false;
    }
    if (sequence < first || sequence >= first + size) {
      return false;
    }
    byte[] root = climb(sequence - first, size, link, path(envelope));
    return root != null
        && verifies(
            key.publicKey,
            bytes(envelope, "signature"),
            sealStatement(
                bytes(envelope, "key"), bytes(envelope, "chain"), first, (int) size, root));
  }

  /** Only what the verdict would be, when {@code dry}. */
  private static String placed(
      Chain chain, long sequence, byte[] link, byte[] previous, boolean dry) {
    if (sequence < chain.next) {
      return past(chain, sequence, link, previous, dry);
    }
    byte[][] head = chain.links.get(sequence - 1);
    boolean gap = sequence > chain.next;
    if (!gap && head != null && !Arrays.equals(head[0], previous)) {
      return "Fork";
    }
    if (dry) {
      return gap ? "Gap" : "Intact";
    }
    if (gap) {
      chain.gaps.add(new long[] {chain.next, sequence - 1});
      if (chain.gaps.size() > GAPS) {
        chain.gaps.removeFirst();
      }
    }
    chain.next = sequence + 1;
    chain.links.put(sequence, new byte[][] {link, previous});
    chain.links.headMap(Math.max(0, chain.next - KEPT)).clear();
    return gap ? "Gap" : "Intact";
  }

  private static String past(
      Chain chain, long sequence, byte[] link, byte[] previous, boolean dry) {
    byte[][] kept = chain.links.get(sequence);
    if (kept != null) {
      return Arrays.equals(kept[0], link) ? "Repeat" : "Fork";
    }
    for (long[] gap : List.copyOf(chain.gaps)) {
      if (gap[0] <= sequence && sequence <= gap[1]) {
        byte[][] before = chain.links.get(sequence - 1);
        byte[][] after = chain.links.get(sequence + 1);
        if ((before != null && !Arrays.equals(before[0], previous))
            || (after != null && !Arrays.equals(after[1], link))) {
          return "Fork";
        }
        if (dry) {
          return "LateFit";
        }
        chain.gaps.remove(gap);
        if (gap[0] < sequence) {
          chain.gaps.add(new long[] {gap[0], sequence - 1});
        }
        if (sequence < gap[1]) {
          chain.gaps.add(new long[] {sequence + 1, gap[1]});
        }
        chain.gaps.sort(Comparator.comparingLong(g -> g[0]));
        chain.links.put(sequence, new byte[][] {link, previous});
        return "LateFit";
      }
    }
    return "Stale";
  }
}
