package dev.custody.glob;

/**
 * Glob matching that remembers only the last star: at most pattern times text steps, no recursion.
 */
public final class Glob {
  private Glob() {}

  /** Whether {@code pattern} matches the whole {@code text}. */
  public static boolean matches(String pattern, String text) {
    return matches(pattern, text, false);
  }

  /** Whether {@code outer} matches whatever {@code inner} matches; it may say no wrongly. */
  public static boolean contains(String outer, String inner) {
    return matches(outer, inner, true);
  }

  private static boolean matches(String pattern, String text, boolean textIsPattern) {
    int p = 0;
    int t = 0;
    int star = -1;
    int resume = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resume = t;
      } else if (p < pattern.length() && takes(pattern.charAt(p), text.charAt(t), textIsPattern)) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  private static boolean takes(char pattern, char text, boolean textIsPattern) {
    return pattern == '?' ? !textIsPattern || text != '*' : pattern == text;
  }
}
