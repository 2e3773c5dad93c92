package dev.custody.source.git;

import dev.custody.digest.Bytes;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whose keys count, as {@code ssh-keygen} reads it (ALLOWED SIGNERS): {@code <principals>
 * [<options>] <type> <key>} a line. A line with an option that isn't understood counts for nothing.
 */
final class AllowedSigners {
  private static final int MOST_LINES = 10_000;
  private static final Pattern FIELD = Pattern.compile("(?:[^\\s\"]|\"(?:[^\"\\\\]|\\\\.)*+\")++");
  private static final Pattern OPTION =
      Pattern.compile("([A-Za-z-]+)(?:=\"((?:[^\"\\\\]|\\\\.)*+)\")?(?:,|$)");
  private static final Pattern TYPE = Pattern.compile("(?:ssh-|ecdsa-|sk-)[A-Za-z0-9@.-]+");
  private static final Pattern TIME = Pattern.compile("\\d{8}(?:\\d{4}(?:\\d{2})?)?");

  private record Signer(
      String principals, Bytes key, @Nullable Instant after, @Nullable Instant before) {}

  private final List<Signer> signers = new ArrayList<>();
  private final String namespace;

  private AllowedSigners(String namespace) {
    this.namespace = namespace;
  }

  /** The signers of {@code text} that may sign for {@code namespace}. */
  static AllowedSigners parse(String text, String namespace) {
    AllowedSigners allowed = new AllowedSigners(namespace);
    text.lines()
        .limit(MOST_LINES)
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .forEach(allowed::add);
    return allowed;
  }

  /** The principals that {@code key} stands for at {@code at}; empty when it is not their time. */
  @Nullable String of(byte[] key, Instant at) {
    Bytes wanted = new Bytes(key);
    boolean known = false;
    for (Signer signer : signers) {
      if (signer.key.equals(wanted)) {
        known = true;
        boolean begun = signer.after == null || !at.isBefore(signer.after);
        if (begun && (signer.before == null || !at.isAfter(signer.before))) {
          return signer.principals;
        }
      }
    }
    return known ? "" : null;
  }

  private void add(String line) {
    List<String> fields = new ArrayList<>();
    Matcher matcher = FIELD.matcher(line);
    while (matcher.find() && fields.size() < 4) {
      fields.add(matcher.group());
    }
    int type = fields.size() > 1 && TYPE.matcher(fields.get(1)).matches() ? 1 : 2;
    if (fields.size() < type + 2 || !TYPE.matcher(fields.get(type)).matches()) {
      return;
    }
    try {
      Bytes key = new Bytes(Base64.getDecoder().decode(fields.get(type + 1)));
      Signer plain = new Signer(fields.get(0).replace("\"", ""), key, null, null);
      Signer signer = type == 1 ? plain : limited(plain, fields.get(1));
      if (signer != null) {
        signers.add(signer);
      }
    } catch (IllegalArgumentException | DateTimeException e) {
      return; // No key, or no time: it counts for nothing.
    }
  }

  private @Nullable Signer limited(Signer plain, String options) {
    Instant after = null;
    Instant before = null;
    Matcher matcher = OPTION.matcher(options);
    int end = 0;
    while (end < options.length() && matcher.find(end) && matcher.start() == end) {
      String value = matcher.group(2) == null ? "" : matcher.group(2);
      switch (matcher.group(1).toLowerCase(Locale.ROOT)) {
        case "namespaces" -> {
          if (Arrays.stream(value.split(",")).noneMatch(this::isMine)) {
            return null;
          }
        }
        case "valid-after" -> after = time(value);
        case "valid-before" -> before = time(value);
        default -> {
          return null; // cert-authority: the key itself signs no commit.
        }
      }
      end = matcher.end();
    }
    return end < options.length() ? null : new Signer(plain.principals, plain.key, after, before);
  }

  private boolean isMine(String pattern) {
    String expression =
        Pattern.quote(pattern.strip()).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
    return Pattern.matches(expression, namespace);
  }

  /** {@code YYYYMMDD[HHMM[SS]][Z]}; without Z in this machine's zone. */
  private static Instant time(String value) {
    boolean utc = value.endsWith("Z") || value.endsWith("z");
    String digits = utc ? value.substring(0, value.length() - 1) : value;
    if (!TIME.matcher(digits).matches()) {
      throw new DateTimeException("expected a time");
    }
    String whole = digits + "000000".substring(digits.length() - 8);
    return LocalDateTime.parse(whole, DateTimeFormatter.ofPattern("yyyyMMddHHmmss", Locale.ROOT))
        .atZone(utc ? ZoneOffset.UTC : ZoneId.systemDefault())
        .toInstant();
  }

  /** Whether a list of revoked keys names {@code key}; null when it is in a form not read here. */
  static @Nullable Boolean isRevoked(String list, byte[] key) {
    if (list.startsWith("SSHKRL")) {
      return null;
    }
    String encoded = new String(Base64.getEncoder().encode(key), StandardCharsets.US_ASCII);
    return list.lines()
        .limit(MOST_LINES)
        .anyMatch(line -> Arrays.asList(line.strip().split("\\s+")).contains(encoded));
  }
}
