package dev.custody.identity;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A SPIFFE ID ("SPIFFE-ID" standard, section 2): {@code spiffe://trust-domain/path}, at most 2,048
 * bytes.
 *
 * @param trustDomain lower-case letters, digits, dots, hyphens, underscores; at most 255
 * @param path empty, or segments each with a leading slash
 */
public record SpiffeId(String trustDomain, String path) {
  static final int MAX_BYTES = 2048;
  private static final Pattern TRUST_DOMAIN = Pattern.compile("[a-z0-9._-]{1,255}");
  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9._-]+");
  private static final String SCHEME = "spiffe://";

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException naming the part that breaks the standard
   */
  public SpiffeId {
    if (!TRUST_DOMAIN.matcher(trustDomain).matches()) {
      throw new IllegalArgumentException("not a SPIFFE trust domain: '" + trustDomain + "'");
    }
    if (!path.isEmpty()) {
      checkPath(path);
    }
    if (SCHEME.length() + trustDomain.length() + path.length() > MAX_BYTES) {
      throw new IllegalArgumentException("a SPIFFE ID has at most " + MAX_BYTES + " bytes");
    }
  }

  private static void checkPath(String path) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("a SPIFFE path starts with a slash: '" + path + "'");
    }
    for (String segment : path.substring(1).split("/", -1)) {
      if (!SEGMENT.matcher(segment).matches() || segment.equals(".") || segment.equals("..")) {
        throw new IllegalArgumentException("not a SPIFFE path segment: '" + segment + "'");
      }
    }
  }

  /**
   * Parses {@code text}.
   *
   * @throws IllegalArgumentException when it breaks the standard
   */
  public static SpiffeId parse(String text) {
    if (!text.startsWith(SCHEME)) {
      throw new IllegalArgumentException("a SPIFFE ID starts with spiffe://, found '" + text + "'");
    }
    int slash = text.indexOf('/', SCHEME.length());
    return slash < 0
        ? new SpiffeId(text.substring(SCHEME.length()), "")
        : new SpiffeId(text.substring(SCHEME.length(), slash), text.substring(slash));
  }

  /** The id of a collector on {@code host}. */
  public static SpiffeId collector(String trustDomain, String host) {
    return new SpiffeId(trustDomain, "/collector/" + segment(host));
  }

  /** The id of an agent {@code product} at work in {@code project}. */
  public static SpiffeId agent(String trustDomain, String product, String project) {
    return new SpiffeId(trustDomain, "/agent/" + segment(product) + "/" + segment(project));
  }

  /** The id above those of {@code product} in every project. */
  public static SpiffeId agents(String trustDomain, String product) {
    return new SpiffeId(trustDomain, "/agent/" + segment(product));
  }

  /** Whether this id is {@code other} or stands above it, by whole segments. */
  public boolean covers(SpiffeId other) {
    return trustDomain.equals(other.trustDomain)
        && (path.equals(other.path) || other.path.startsWith(path + "/"));
  }

  static String segment(String text) {
    String clean = text.replaceAll("[^A-Za-z0-9._-]", "-");
    return clean.isEmpty() || clean.equals(".") || clean.equals("..")
        ? "unnamed"
        : clean.substring(0, Math.min(clean.length(), 128)).toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return SCHEME + trustDomain + path;
  }
}
