package dev.custody.source;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads the cloud resources that a text mentions, each as an ARN. */
public final class Resources {
  /** More of them in one text is a listing. */
  public static final int MOST = 64;

  private static final String ARN = "arn:";
  private static final String S3 = "s3://";
  private static final int LONGEST =
      1_100; // A key of S3 has at most 1,024 bytes, a bucket's name 63.
  private static final int COLONS = 5;
  private static final String TRAILING = ".,:;)]}>*/?!";

  private Resources() {}

  /**
   * The distinct ARNs in order of appearance, at most {@link #MOST}; {@code s3://bucket/key} is
   * read as one.
   */
  public static List<String> in(String text) {
    Set<String> found = new LinkedHashSet<>();
    int arn = text.indexOf(ARN);
    int s3 = text.indexOf(S3);
    while ((arn >= 0 || s3 >= 0) && found.size() < MOST) {
      boolean first = s3 < 0 || (arn >= 0 && arn < s3);
      int at = first ? arn : s3;
      int end = end(text, at);
      if (first) {
        addArn(text.substring(at, end), found);
        arn = text.indexOf(ARN, Math.max(end, at + ARN.length()));
      } else {
        addObject(text.substring(at + S3.length(), Math.max(end, at + S3.length())), found);
        s3 = text.indexOf(S3, Math.max(end, at + S3.length()));
      }
    }
    return List.copyOf(new ArrayList<>(found));
  }

  private static void addArn(String arn, Set<String> found) {
    String[] parts = arn.split(":", COLONS + 1);
    if (parts.length == COLONS + 1
        && parts[1].startsWith("aws")
        && !parts[2].isEmpty()
        && !parts[5].isEmpty()) {
      found.add(arn);
    }
  }

  private static void addObject(String path, Set<String> found) {
    int slash = path.indexOf('/');
    String bucket = slash < 0 ? path : path.substring(0, slash);
    boolean valid =
        bucket.length() >= 3
            && bucket.length() <= 63
            && bucket
                .chars()
                .allMatch(
                    c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-');
    if (valid) {
      found.add("arn:aws:s3:::" + path);
    }
  }

  private static int end(String text, int from) {
    int limit = Math.min(text.length(), from + LONGEST);
    int end = from;
    while (end < limit && text.charAt(end) > ' ' && "\"'`\\<>|$".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    while (end > from && TRAILING.indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    return end;
  }
}
