package dev.custody.sts;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An AssumeRole that was granted, as it was asked for.
 *
 * @param key what was handed out
 * @param roleArn the role
 * @param sessionName its name
 * @param seconds how long
 * @param policy session policy, JSON
 * @param tags session tags
 */
public record AssumedRole(
    IssuedKey key,
    String roleArn,
    String sessionName,
    int seconds,
    @Nullable String policy,
    Map<String, String> tags) {
  public AssumedRole {
    tags = Map.copyOf(tags);
  }
}
