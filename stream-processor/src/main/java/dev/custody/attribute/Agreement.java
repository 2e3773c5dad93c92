package dev.custody.attribute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How far a command and a record of the world tell of the same thing: an observation that depends
 * neither on the identifier nor on the time.
 *
 * @param points 4 for a resource that the command names, 2 for the operation, 1 for the service, 1
 *     for a client that runs programs of its own and that the record's user agent names too; -1
 *     where the command runs another client by name
 * @param named what agrees
 */
record Agreement(int points, List<String> named) {
  static final int RESOURCE = 4;
  static final int OPERATION = 2;
  static final int SERVICE = 1;
  static final int CLIENT = 1;

  /** What the AWS command line, version 2, says of itself. */
  private static final Pattern TYPED = Pattern.compile("md/command#([a-z0-9-]+)\\.([a-z0-9-]+)");

  private static final Agreement NOTHING = new Agreement(0, List.of());
  private static final Agreement CONTRADICTION = new Agreement(-1, List.of());

  private static final Pattern NO_WORD = Pattern.compile("[^a-z0-9]+");
  private static final Pattern HUMP = Pattern.compile("([a-z0-9])([A-Z])");
  private static final int SHORTEST_RESOURCE = 3;
  private static final int SHORTEST_OPERATION = 4;

  /** What git calls what makes a commit. */
  private static final Set<String> COMMITTING =
      Set.of("commit", "merge", "rebase", "cherry", "revert", "am", "pull");

  /** Services that the command line calls otherwise than the provider's records do. */
  private static final Map<String, List<String>> SPOKEN =
      Map.ofEntries(
          Map.entry("s3", List.of("s3", "s3api", "s3control")),
          Map.entry("elasticloadbalancing", List.of("elb", "elbv2")),
          Map.entry("monitoring", List.of("cloudwatch")),
          Map.entry("states", List.of("stepfunctions")),
          Map.entry("config", List.of("configservice")),
          Map.entry("elasticfilesystem", List.of("efs")),
          Map.entry("elasticmapreduce", List.of("emr")),
          Map.entry("codedeploy", List.of("deploy")),
          Map.entry("es", List.of("opensearch")),
          Map.entry("email", List.of("ses", "sesv2")));

  /** Without one of these a word such as {@code logs} or {@code config} names no service. */
  private static final Set<String> CALLING = Set.of("aws", "boto3", "awslocal");

  /** User agents, the first that fits counts, and the words of commands that run them. */
  private static final List<Client> CLIENTS =
      List.of(
          new Client("aws-cli", Set.of("aws"), true),
          new Client("terraform", Set.of("terraform", "tofu", "terragrunt"), true),
          new Client("pulumi", Set.of("pulumi"), false),
          new Client("aws-sam-cli", Set.of("sam"), false),
          new Client("eksctl", Set.of("eksctl"), false),
          new Client(
              "boto3", Set.of("python", "python3", "pytest", "uv", "poetry", "ansible"), true),
          new Client(
              "botocore", Set.of("python", "python3", "pytest", "uv", "poetry", "ansible"), true),
          new Client(
              "aws-sdk-js",
              Set.of("node", "npm", "npx", "pnpm", "yarn", "bun", "tsx", "cdk", "sst"),
              true),
          new Client("aws-sdk-nodejs", Set.of("node", "npm", "npx", "pnpm", "yarn", "cdk"), true),
          new Client("aws-sdk-java", Set.of("java", "mvn", "gradle", "gradlew"), true),
          new Client("aws-sdk-go", Set.of("go"), true),
          new Client("aws-sdk-rust", Set.of("cargo"), true),
          new Client("aws-sdk-ruby", Set.of("ruby", "bundle", "rake"), true),
          new Client("aws-sdk-php", Set.of("php", "composer"), true));

  private record Client(String userAgent, Set<String> words, boolean carriesTags) {}

  /** What {@code mentions}, the lower-case text of a command, and {@code question} agree on. */
  static Agreement of(String mentions, Question question) {
    Set<String> words = new HashSet<>(Arrays.asList(NO_WORD.split(mentions, -1)));
    return question.action() != null && question.action().startsWith("git:")
        ? ofCommit(words)
        : ofCall(mentions, words, question);
  }

  private static Agreement ofCommit(Set<String> words) {
    boolean commits = words.contains("git") && COMMITTING.stream().anyMatch(words::contains);
    return commits ? new Agreement(OPERATION, List.of("git")) : NOTHING;
  }

  // The command runs a client by name, and the record is of another one.
  private static boolean isContradicted(Client client, Set<String> words) {
    return client.words().stream().noneMatch(words::contains)
        && CLIENTS.stream().flatMap(c -> c.words().stream()).anyMatch(words::contains);
  }

  private static Agreement ofCall(String mentions, Set<String> words, Question question) {
    Client client = client(question.userAgent());
    if (client != null && isContradicted(client, words)) {
      return CONTRADICTION;
    }
    Matcher typed = TYPED.matcher(question.userAgent() == null ? "" : question.userAgent());
    if (typed.find() && words.contains("aws")) {
      return ofTyped(typed.group(1), typed.group(2), mentions, words, question);
    }
    List<String> named = new ArrayList<>();
    int points = resource(mentions, question, named) + operation(mentions, question, named);
    String service = service(question);
    if (CALLING.stream().anyMatch(words::contains)
        && SPOKEN.getOrDefault(service, List.of(service)).stream().anyMatch(words::contains)) {
      points += SERVICE;
      named.add(service);
    }
    String runner =
        client == null || client.userAgent().equals("aws-cli")
            ? null
            : client.words().stream().filter(words::contains).sorted().findFirst().orElse(null);
    if (runner == null) {
      return new Agreement(points, named);
    }
    named.add(runner + ", as the user agent does");
    return new Agreement(points + CLIENT, named);
  }

  // The client says which of its commands ran: the command either has it, or is another one.
  private static Agreement ofTyped(
      String service, String operation, String mentions, Set<String> words, Question question) {
    if (!words.containsAll(Arrays.asList(NO_WORD.split(service + " " + operation, -1)))) {
      return CONTRADICTION;
    }
    List<String> named = new ArrayList<>(List.of(service + " " + operation));
    return new Agreement(OPERATION + SERVICE + resource(mentions, question, named), named);
  }

  private static int resource(String mentions, Question question, List<String> named) {
    for (String resource : question.resources()) {
      int from = Math.max(resource.lastIndexOf('/'), resource.lastIndexOf(':'));
      String name = resource.substring(from + 1).toLowerCase(Locale.ROOT);
      if (name.length() >= SHORTEST_RESOURCE && mentions.contains(name)) {
        named.add(name);
        return RESOURCE;
      }
    }
    return 0;
  }

  /** {@code s3:DeleteBucket} as command lines write it: {@code delete-bucket}. */
  private static int operation(String mentions, Question question, List<String> named) {
    String action = question.action() == null ? "" : question.action();
    String operation =
        HUMP.matcher(action.substring(action.indexOf(':') + 1))
            .replaceAll("$1-$2")
            .toLowerCase(Locale.ROOT);
    if (operation.length() >= SHORTEST_OPERATION && mentions.contains(operation)) {
      named.add(operation);
      return OPERATION;
    }
    return 0;
  }

  /** {@code s3} of {@code s3:DeleteBucket}. */
  private static String service(Question question) {
    String action = question.action() == null ? "" : question.action();
    return action.substring(0, Math.max(0, action.indexOf(':'))).toLowerCase(Locale.ROOT);
  }

  private static @Nullable Client client(@Nullable String userAgent) {
    if (userAgent == null) {
      return null;
    }
    String lower = userAgent.toLowerCase(Locale.ROOT);
    return CLIENTS.stream().filter(c -> lower.contains(c.userAgent())).findFirst().orElse(null);
  }

  /** Whether the client is one that sends a tag which its environment asks it to send. */
  static boolean wouldCarryTag(@Nullable String userAgent) {
    Client client = client(userAgent);
    return client != null && client.carriesTags();
  }

  /** Whether a human's browser, or the provider itself, did it: no tool call of an agent can. */
  static boolean isNoProgram(@Nullable String userAgent) {
    return userAgent != null
        && (userAgent.startsWith("Mozilla/")
            || userAgent.startsWith("[Mozilla/")
            || userAgent.startsWith("AWS Internal")
            || userAgent.contains("console.amazonaws.com")
            || userAgent.contains("S3Console")
            || userAgent.endsWith(".amazonaws.com"));
  }

  /** Whether anything agrees. */
  boolean any() {
    return points > 0;
  }

  /** Whether a resource or the operation agrees: what hardly happens by chance. */
  boolean strong() {
    return points >= OPERATION;
  }
}
