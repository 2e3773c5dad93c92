package dev.custody.enforce;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The high-level commands {@code aws s3 ls|cp|mv|rm|rb|mb|sync}, as the calls that they make. A
 * command that works on everything under a prefix touches {@code PREFIX*}: a text that only a
 * pattern allows which allows all of that.
 */
final class S3Command {
  private static final String URI = "s3://";
  private static final String ARN = "arn:aws:s3:::";
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
  private static final Set<String> FLAGS =
      Set.of(
          "--recursive",
          "--force",
          "--delete",
          "--quiet",
          "--no-progress",
          "--only-show-errors",
          "--human-readable",
          "--summarize",
          "--follow-symlinks",
          "--no-follow-symlinks",
          "--exact-timestamps",
          "--size-only",
          "--no-guess-mime-type",
          "--no-sign-request",
          "--no-verify-ssl",
          "--no-paginate",
          "--no-cli-pager",
          "--debug");

  private S3Command() {}

  /** The resource of a bucket, or of a key in it. */
  static String arn(String bucket, String key) {
    return ARN + bucket + (key.isEmpty() ? "" : "/" + key);
  }

  /** A place in S3; a bucket of null for one that is not plain. */
  private record Place(@Nullable String bucket, String key) {
    static @Nullable Place of(ShellWords.Word word) {
      if (!word.text().startsWith(URI)) {
        return null;
      }
      String path = word.text().substring(URI.length());
      int slash = path.indexOf('/');
      String bucket = slash < 0 ? path : path.substring(0, slash);
      boolean readable = word.plain() && BUCKET.matcher(bucket).matches();
      return new Place(
          readable ? bucket : null, readable && slash >= 0 ? path.substring(slash + 1) : "");
    }

    Act act(String action, boolean under) {
      String known = bucket;
      return known == null
          ? new Act(action, List.of(), false)
          : new Act(action, List.of(under ? arn(known, key + "*") : arn(known, key)), true);
    }

    Act list() {
      String known = bucket;
      return known == null
          ? new Act("s3:ListObjects", List.of(), false)
          : new Act("s3:ListObjects", List.of(arn(known, "")), true);
    }
  }

  static List<Act> acts(String command, List<ShellWords.Word> words) {
    List<ShellWords.Word> operands = operands(words);
    boolean all = has(words, "--recursive") || command.equals("sync");
    @Nullable Place first = operands.isEmpty() ? null : Place.of(operands.get(0));
    @Nullable Place second = operands.size() < 2 ? null : Place.of(operands.get(1));
    return switch (command) {
      case "ls" ->
          List.of(first == null ? new Act("s3:ListBuckets", List.of(), true) : first.list());
      case "mb" -> first == null ? List.of() : List.of(first.act("s3:CreateBucket", false));
      case "rb" -> first == null ? List.of() : removeBucket(first, has(words, "--force"));
      case "rm" -> first == null ? List.of() : remove(first, all);
      case "cp", "mv", "sync" ->
          transfer(first, second, all, command.equals("mv"), has(words, "--delete"));
      default -> List.of();
    };
  }

  private static List<Act> removeBucket(Place bucket, boolean force) {
    List<Act> acts = new ArrayList<>();
    if (force) {
      acts.addAll(remove(bucket, true));
    }
    acts.add(bucket.act("s3:DeleteBucket", false));
    return acts;
  }

  private static List<Act> remove(Place place, boolean all) {
    return all
        ? List.of(place.list(), place.act("s3:DeleteObject", true))
        : List.of(place.act("s3:DeleteObject", false));
  }

  private static List<Act> transfer(
      @Nullable Place from, @Nullable Place to, boolean all, boolean move, boolean delete) {
    List<Act> acts = new ArrayList<>();
    if (from != null) {
      if (all) {
        acts.add(from.list());
      }
      acts.add(from.act("s3:GetObject", all));
    }
    if (to != null) {
      acts.add(to.act("s3:PutObject", all || to.key().isEmpty() || to.key().endsWith("/")));
    }
    if (from != null && move) {
      acts.add(from.act("s3:DeleteObject", all));
    }
    if (to != null && delete) {
      acts.add(to.list());
      acts.add(to.act("s3:DeleteObject", true));
    }
    return acts;
  }

  private static boolean has(List<ShellWords.Word> words, String flag) {
    return words.stream().anyMatch(w -> w.text().equals(flag));
  }

  /** What is neither an option nor an option's value. */
  private static List<ShellWords.Word> operands(List<ShellWords.Word> words) {
    List<ShellWords.Word> operands = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i).text();
      if (!word.startsWith("--")) {
        operands.add(words.get(i));
      } else if (!FLAGS.contains(word) && !word.contains("=")) {
        i++;
      }
    }
    return operands;
  }
}
