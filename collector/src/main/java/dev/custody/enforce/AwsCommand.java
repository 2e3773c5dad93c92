package dev.custody.enforce;

import dev.custody.source.Resources;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the plainly written calls of the AWS command line in a shell's command would do, in the
 * words of CloudTrail: {@code aws s3api get-object --bucket b --key k} is {@code s3:GetObject} on
 * {@code arn:aws:s3:::b/k}. What is not plain (a variable, a pattern, a script, another tool) gives
 * nothing: the cloud's own record is judged when it arrives.
 */
final class AwsCommand {
  private static final Pattern ASSIGNMENT = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*=.*");
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,127}");
  private static final Set<String> BEFORE =
      Set.of(
          "sudo", "env", "time", "nohup", "exec", "command", "if", "elif", "then", "else", "while",
          "until", "do", "!", "{");
  private static final Set<String> GLOBAL_WITH_VALUE =
      Set.of(
          "--region",
          "--profile",
          "--output",
          "--endpoint-url",
          "--query",
          "--color",
          "--ca-bundle",
          "--cli-read-timeout",
          "--cli-connect-timeout",
          "--cli-binary-format");

  /** Service names of the command line that differ from those of CloudTrail's event source. */
  private static final Map<String, String> SERVICES =
      Map.ofEntries(
          Map.entry("s3api", "s3"),
          Map.entry("s3control", "s3"),
          Map.entry("cloudwatch", "monitoring"),
          Map.entry("elb", "elasticloadbalancing"),
          Map.entry("elbv2", "elasticloadbalancing"),
          Map.entry("efs", "elasticfilesystem"),
          Map.entry("emr", "elasticmapreduce"),
          Map.entry("configservice", "config"),
          Map.entry("stepfunctions", "states"),
          Map.entry("deploy", "codedeploy"),
          Map.entry("ses", "email"),
          Map.entry("sesv2", "email"),
          Map.entry("cognito-idp", "cognito-idp"));

  private AwsCommand() {}

  /** The acts in order of the commands. */
  static List<Act> actsOf(String command) {
    List<Act> acts = new ArrayList<>();
    if (!command.contains("aws")) {
      return acts;
    }
    for (List<ShellWords.Word> words : ShellWords.commands(command)) {
      int aws = programAt(words);
      if (aws >= 0) {
        acts.addAll(acts(words.subList(aws + 1, words.size())));
      }
    }
    return acts;
  }

  private static int programAt(List<ShellWords.Word> words) {
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i).text();
      boolean before = BEFORE.contains(word) || ASSIGNMENT.matcher(word).matches();
      if (!before) {
        String name = word.substring(word.lastIndexOf('/') + 1);
        return words.get(i).plain() && name.equals("aws") ? i : -1;
      }
    }
    return -1;
  }

  private static List<Act> acts(List<ShellWords.Word> words) {
    List<ShellWords.Word> arguments = withoutGlobal(words);
    if (arguments.size() < 2 || callsNothing(words)) {
      return List.of();
    }
    ShellWords.Word service = arguments.get(0);
    ShellWords.Word operation = arguments.get(1);
    boolean readable =
        service.plain()
            && operation.plain()
            && NAME.matcher(service.text()).matches()
            && NAME.matcher(operation.text()).matches()
            && !operation.text().equals("help")
            && !operation.text().equals("wait");
    if (!readable) {
      return List.of();
    }
    List<ShellWords.Word> rest = arguments.subList(2, arguments.size());
    return service.text().equals("s3")
        ? S3Command.acts(operation.text(), rest)
        : List.of(call(service.text(), operation.text(), rest));
  }

  private static boolean callsNothing(List<ShellWords.Word> words) {
    return words.stream()
        .map(ShellWords.Word::text)
        .anyMatch(w -> w.equals("--generate-cli-skeleton") || w.equals("--dryrun"));
  }

  /** Global options may stand anywhere; of those that have a value, both words go. */
  private static List<ShellWords.Word> withoutGlobal(List<ShellWords.Word> words) {
    List<ShellWords.Word> kept = new ArrayList<>();
    boolean named = false;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i).text();
      if (GLOBAL_WITH_VALUE.contains(word)) {
        i++;
      } else if (named || !word.startsWith("--")) {
        kept.add(words.get(i));
        named = named || kept.size() == 2;
      }
    }
    return kept;
  }

  private static Act call(String service, String operation, List<ShellWords.Word> arguments) {
    String action = SERVICES.getOrDefault(service, service) + ':' + pascal(operation);
    String bucket = option(arguments, "--bucket");
    if (service.equals("s3api") && bucket != null) {
      String key = option(arguments, "--key");
      boolean keyed = arguments.stream().anyMatch(w -> isOption(w, "--key"));
      return keyed && key == null
          ? new Act(action, List.of(), false)
          : new Act(action, List.of(S3Command.arn(bucket, key == null ? "" : key)), true);
    }
    boolean withoutResource = service.equals("s3api") && operation.equals("list-buckets");
    return new Act(action, arns(arguments), withoutResource);
  }

  private static List<String> arns(List<ShellWords.Word> arguments) {
    Set<String> found = new LinkedHashSet<>();
    for (ShellWords.Word word : arguments) {
      if (word.plain()) {
        found.addAll(Resources.in(word.text()));
      }
    }
    return List.copyOf(found);
  }

  private static boolean isOption(ShellWords.Word word, String name) {
    return word.text().equals(name) || word.text().startsWith(name + "=");
  }

  /** The value of an option, null where it is absent or not plain. */
  private static @Nullable String option(List<ShellWords.Word> arguments, String name) {
    for (int i = 0; i < arguments.size(); i++) {
      ShellWords.Word word = arguments.get(i);
      if (word.text().equals(name) && i + 1 < arguments.size()) {
        ShellWords.Word value = arguments.get(i + 1);
        return value.plain() ? value.text() : null;
      }
      if (word.text().startsWith(name + "=")) {
        return word.plain() ? word.text().substring(name.length() + 1) : null;
      }
    }
    return null;
  }

  /** {@code get-object} as {@code GetObject}; scopes compare without regard to case. */
  private static String pascal(String operation) {
    StringBuilder name = new StringBuilder();
    for (String part : operation.split("-", -1)) {
      if (!part.isEmpty()) {
        name.append(part.substring(0, 1).toUpperCase(Locale.ROOT)).append(part.substring(1));
      }
    }
    return name.toString();
  }
}
