package dev.custody.cli;

import dev.custody.collector.CollectorException;
import dev.custody.local.BrokerStartException;
import dev.custody.local.StartException;
import dev.custody.sigma.RuleSet;
import dev.custody.signing.KeyException;
import dev.custody.signing.Protection;
import dev.custody.topic.Topic;
import dev.custody.topic.TopicException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands that run roles have in common. */
final class RunOptions {
  private static final String HINT = "; try: ";

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description = "Partitions of every topic; fixed when they are made; 2 when not given.")
  private int partitions = Topic.DEFAULT_PARTITIONS;

  @Option(
      names = "--trust-domain",
      paramLabel = "NAME",
      defaultValue = "local",
      description = "SPIFFE trust domain of the organisation; ${DEFAULT-VALUE}.")
  private String trustDomain = "local";

  @Option(
      names = "--rules",
      paramLabel = "PATH",
      description = "Sigma rule files or directories instead of the shipped ones.")
  private List<Path> rules = List.of();

  @Mixin private RuleContextOptions context = new RuleContextOptions();

  @Mixin private KeyOptions keys = new KeyOptions();

  // Asked for once: a passphrase that was typed is not asked for again.
  private @Nullable Protection protection;

  int partitions() {
    if (partitions < 1 || partitions > 10_000) {
      throw new CouldNotRunException(
          "--partitions: expected 1 to 10000, found " + partitions,
          "leave it out for " + Topic.DEFAULT_PARTITIONS,
          null);
    }
    return partitions;
  }

  String trustDomain() {
    return trustDomain;
  }

  Path wrappingKey() {
    return keys.wrappingKey();
  }

  /** What opens the keys of {@code data}. */
  Protection protection(Path data) {
    Protection known = protection;
    if (known == null) {
      known = keys.protection(data);
      protection = known;
    }
    return known;
  }

  /** Those that can be used; the others are named on standard error. */
  RuleSet rules() {
    return RuleCommand.usable(rules, context.context());
  }

  /** Something that is started. */
  @FunctionalInterface
  interface Start<T> {
    T start()
        throws StartException,
            CollectorException,
            TopicException,
            KeyException,
            IOException,
            InterruptedException;
  }

  /** Starts, and tells in the command line's own way what stood against it. */
  <T> T starting(Start<T> start) {
    try {
      return start.start();
    } catch (StartException
        | BrokerStartException
        | CollectorException
        | TopicException
        | KeyException e) {
      throw hinted(String.valueOf(e.getMessage()), "custody up --help", e);
    } catch (IOException e) {
      String otherwise = "is the data directory writable? try: --data DIR";
      throw String.valueOf(e.getMessage()).contains(HINT)
          ? hinted(String.valueOf(e.getMessage()), otherwise, e)
          : new CouldNotRunException(String.valueOf(e), otherwise, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CouldNotRunException("interrupted while starting", "start again", e);
    }
  }

  /** What a message says behind {@code ; try:} is the hint. */
  static CouldNotRunException hinted(String message, String otherwise, Exception cause) {
    int hint = message.indexOf(HINT);
    return hint < 0
        ? new CouldNotRunException(message, otherwise, cause)
        : new CouldNotRunException(
            message.substring(0, hint), message.substring(hint + HINT.length()), cause);
  }
}
