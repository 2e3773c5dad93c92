package dev.custody.accuracy.format;

import java.util.Map;

/**
 * One operation on a cloud, as its caller means it.
 *
 * @param action {@code s3:DeleteBucket}
 * @param command how the AWS CLI is told: {@code s3api delete-bucket --bucket b}
 * @param parameters what the record's {@code requestParameters} say
 * @param readOnly whether it changes nothing
 * @param data whether it is a data event, which a trail leaves out unless it is told otherwise
 */
public record CloudAct(
    String action, String command, Map<String, String> parameters, boolean readOnly, boolean data) {
  /** Copies. */
  public CloudAct {
    parameters = Map.copyOf(parameters);
  }

  /** {@code s3api.delete-bucket}: the first two words of the command. */
  public String commandName() {
    String[] words = command.split(" ", 3);
    return words.length < 2 ? command : words[0] + "." + words[1];
  }

  /** The service, before the colon. */
  public String service() {
    return action.substring(0, action.indexOf(':'));
  }

  /** The operation, behind the colon. */
  public String operation() {
    return action.substring(action.indexOf(':') + 1);
  }
}
