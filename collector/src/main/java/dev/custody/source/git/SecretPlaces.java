package dev.custody.source.git;

import dev.custody.redact.Redactor;
import dev.custody.redact.SecretKind;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.diff.RawText;

/**
 * On which lines of a text secrets stand. The redactor says what it took out but not where; so each
 * secret gets a marker of its own, and the text is put together again around them.
 */
final class SecretPlaces {
  private static final String START = "[redacted:";

  /**
   * A secret.
   *
   * @param secret itself
   * @param first line that it begins on, from 1
   * @param last line that it ends on
   */
  record Place(SecretKind kind, String secret, int first, int last) {}

  private record Secret(SecretKind kind, String text) {}

  /** So that no text can hold a marker of this run. */
  private final String run = HexFormat.of().formatHex(random());

  private final Map<String, Secret> secrets = new HashMap<>();
  private final List<Place> found = new ArrayList<>();
  private int line = 1;

  private SecretPlaces() {}

  /** The secrets of a file, in their order; those of a binary one are not looked for. */
  static List<Place> in(byte[] content) {
    return RawText.isBinary(content) ? List.of() : in(new String(content, StandardCharsets.UTF_8));
  }

  /** The secrets of {@code text}, in their order. */
  static List<Place> in(String text) {
    SecretPlaces places = new SecretPlaces();
    String redacted = new Redactor(places::mark).text(text, "").value();
    places.read(redacted);
    return List.copyOf(places.found);
  }

  private String mark(SecretKind kind, String secret) {
    String mark = run + "%08x".formatted(secrets.size());
    secrets.put(START + kind.id() + ':' + mark + ']', new Secret(kind, secret));
    return mark;
  }

  private void read(String text) {
    int from = 0;
    for (int at = text.indexOf(START); at >= 0; at = text.indexOf(START, from)) {
      int end = text.indexOf(']', at);
      Secret secret = end < 0 ? null : secrets.get(text.substring(at, end + 1));
      int next = secret == null ? at + START.length() : end + 1;
      count(text, from, secret == null ? next : at);
      if (secret != null) {
        int first = line;
        int place = found.size();
        read(secret.text()); // What was taken out later may hold what was taken out before.
        found.add(place, new Place(secret.kind(), secret.text(), first, line));
      }
      from = next;
    }
    count(text, from, text.length());
  }

  private void count(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) == '\n') {
        line++;
      }
    }
  }

  private static byte[] random() {
    byte[] bytes = new byte[8];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }
}
