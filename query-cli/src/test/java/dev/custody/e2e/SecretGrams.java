package dev.custody.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Parts of secrets, each as it is, in lower case, in UTF-16 and in base64 at each of its three
 * places, to be looked for in bytes: one pass, whatever their number.
 */
final class SecretGrams {
  /** Most that may be left of a secret: what is shorter may be there by chance. */
  private static final int LENGTH = 12;

  private static final int HEAD = Long.BYTES;
  private static final int FILTER_BITS = 22;

  /** By what their first eight bytes are, what is looked for and whose part it is. */
  private final Map<Long, Map<ByteBuffer, String>> byHead = new HashMap<>();

  private final long[] filter = new long[1 << (FILTER_BITS - 6)];

  /**
   * Parts of {@code secrets}, by name.
   *
   * @param alike secrets of the same forms: what they have in common is no secret
   */
  SecretGrams(Map<String, String> secrets, Collection<String> alike) {
    Set<ByteBuffer> form = new HashSet<>();
    alike.forEach(secret -> parts(secret).forEach(part -> form.add(ByteBuffer.wrap(part))));
    secrets.forEach((secret, name) -> {
      for (byte[] part : parts(secret)) {
        if (!form.contains(ByteBuffer.wrap(part))) {
          add(part, name);
        }
      }
    });
  }

  /** All parts of a secret, in all their forms. */
  private static List<byte[]> parts(String secret) {
    List<byte[]> all = new ArrayList<>();
    secret
        .lines()
        .forEach(line -> {
          windows(line).forEach(part -> all.addAll(forms(part)));
          for (int place = 0; place < 3; place++) {
            windows(based(line, place)).forEach(part -> all.add(part.getBytes(UTF_8)));
          }
        });
    return all;
  }

  private static Set<String> windows(String line) {
    Set<String> parts = new HashSet<>();
    for (int at = 0; at + LENGTH <= line.length(); at++) {
      parts.add(line.substring(at, at + LENGTH));
    }
    if (parts.isEmpty() && line.length() > HEAD) {
      parts.add(line);
    }
    return parts;
  }

  private static List<byte[]> forms(String part) {
    return List.of(
        part.getBytes(UTF_8),
        part.toLowerCase(Locale.ROOT).getBytes(UTF_8),
        part.getBytes(UTF_16LE),
        part.getBytes(UTF_16BE));
  }

  /** What only {@code line} decides of its base64 behind so many other bytes. */
  private static String based(String line, int place) {
    byte[] moved = ("x".repeat(place) + line).getBytes(UTF_8);
    String base64 = Base64.getEncoder().withoutPadding().encodeToString(moved);
    int end = moved.length / 3 * 4;
    return end < 4 ? "" : base64.substring(place == 0 ? 0 : 4, end);
  }

  private void add(byte[] bytes, String name) {
    long head = ByteBuffer.wrap(bytes).getLong();
    int bit = bit(head);
    filter[bit >>> 6] |= 1L << bit;
    byHead.computeIfAbsent(head, _ -> new HashMap<>()).put(ByteBuffer.wrap(bytes), name);
  }

  private static int bit(long head) {
    return (int) ((head * 0x9e3779b97f4a7c15L) >>> (64 - FILTER_BITS));
  }

  /** How many parts are looked for. */
  int size() {
    return byHead.values().stream().mapToInt(Map::size).sum();
  }

  /** Whose parts are in {@code bytes}, and which. */
  Set<String> in(byte[] bytes) {
    Set<String> found = new HashSet<>();
    long head = 0;
    for (int at = 0; at < bytes.length; at++) {
      head = head << 8 | (bytes[at] & 0xff);
      int bit = bit(head);
      if (at >= HEAD - 1 && (filter[bit >>> 6] & 1L << bit) != 0) {
        found.addAll(at(bytes, at - HEAD + 1, head));
      }
    }
    return found;
  }

  private Set<String> at(byte[] bytes, int start, long head) {
    Set<String> found = new HashSet<>();
    byHead
        .getOrDefault(head, Map.of())
        .forEach((part, name) -> {
          int length = part.remaining();
          if (length <= bytes.length - start
              && ByteBuffer.wrap(bytes, start, length).equals(part)) {
            found.add(name + ": " + new String(bytes, start, length, ISO_8859_1));
          }
        });
    return found;
  }
}
