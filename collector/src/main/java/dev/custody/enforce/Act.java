package dev.custody.enforce;

import java.util.List;

/**
 * Something that a tool call would do.
 *
 * @param action for example {@code tool:Bash} or {@code s3:DeleteBucket}
 * @param resources on what
 * @param complete whether {@code resources} are all that it would touch, so far as the action tells
 *     any; where they are not, only an action that is allowed on nothing at all is out of scope
 */
public record Act(String action, List<String> resources, boolean complete) {
  /** Copies. */
  public Act {
    resources = List.copyOf(resources);
  }
}
