package dev.custody.local;

import dev.custody.topology.StreamProcessor;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;

/**
 * The consumer group of the stream processor. Each opening of a log anew starts another, and those
 * before it are still listed for a while.
 */
final class ProcessorGroup {
  private static final Pattern NAME =
      Pattern.compile(Pattern.quote(StreamProcessor.APPLICATION) + "(?:-(\\d{1,9}))?");

  private ProcessorGroup() {}

  /** The newest that {@code admin}'s Kafka knows of. */
  static String newest(Admin admin, int seconds)
      throws ExecutionException, InterruptedException, TimeoutException {
    int newest = 0;
    for (GroupListing group :
        admin
            .listGroups(ListGroupsOptions.forConsumerGroups())
            .all()
            .get(seconds, TimeUnit.SECONDS)) {
      Matcher name = NAME.matcher(group.groupId());
      if (name.matches() && name.group(1) != null) {
        newest = Math.max(newest, Integer.parseInt(name.group(1)));
      }
    }
    return StreamProcessor.application(newest);
  }
}
