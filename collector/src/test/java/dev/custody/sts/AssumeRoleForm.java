package dev.custody.sts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The parameters of AssumeRole, checked as its API reference has them. */
record AssumeRoleForm(
    String roleArn,
    String sessionName,
    int seconds,
    @Nullable String sourceIdentity,
    @Nullable String policy,
    Map<String, String> tags) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final Pattern ROLE = Pattern.compile("arn:aws:iam::\\d{12}:role/[\\w+=,.@/-]+");
  private static final Pattern NAME = Pattern.compile("[\\w+=,.@-]{2,64}");
  private static final Pattern TAG_KEY = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]{1,128}");
  private static final Pattern TAG_VALUE = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]{0,256}");
  private static final Pattern ACTION = Pattern.compile("\\*|[a-z0-9-]+:[A-Za-z0-9*?]+");

  static AssumeRoleForm read(Map<String, String> form, IssuedKey caller) throws StsError {
    String role = form.getOrDefault("RoleArn", "");
    String name = form.getOrDefault("RoleSessionName", "");
    String source = form.get("SourceIdentity");
    require(ROLE.matcher(role).matches(), "roleArn");
    require(NAME.matcher(name).matches(), "roleSessionName");
    require(source == null || NAME.matcher(source).matches(), "sourceIdentity");
    if (caller.sourceIdentity() != null
        && source != null
        && !source.equals(caller.sourceIdentity())) {
      throw new StsError(403, "AccessDenied", "a source identity that is set cannot be changed");
    }
    return new AssumeRoleForm(
        role, name, seconds(form, caller), source, policy(form.get("Policy")), tags(form));
  }

  private static int seconds(Map<String, String> form, IssuedKey caller) throws StsError {
    int seconds = Integer.parseInt(form.getOrDefault("DurationSeconds", "3600"));
    require(seconds >= 900 && seconds <= 43_200, "durationSeconds");
    if (caller.isRole() && seconds > 3600) {
      throw StsError.invalid(
          "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining");
    }
    return seconds;
  }

  private static @Nullable String policy(@Nullable String text) throws StsError {
    if (text == null) {
      return null;
    }
    require(text.length() <= 2048, "policy");
    try {
      JsonNode policy = JSON.readTree(text);
      boolean good = policy.path("Version").asText().equals("2012-10-17");
      for (JsonNode statement : policy.path("Statement")) {
        good &= statement.path("Effect").asText().equals("Allow");
        for (JsonNode action : statement.path("Action")) {
          good &= ACTION.matcher(action.asText()).matches();
        }
        for (JsonNode resource : statement.path("Resource")) {
          good &= resource.asText().equals("*") || resource.asText().startsWith("arn:");
        }
      }
      if (good && !policy.path("Statement").isEmpty()) {
        return text;
      }
    } catch (JsonProcessingException e) {
      throw new StsError(400, "MalformedPolicyDocument", "This policy contains invalid Json");
    }
    throw new StsError(400, "MalformedPolicyDocument", "Syntax errors in policy.");
  }

  private static Map<String, String> tags(Map<String, String> form) throws StsError {
    Map<String, String> tags = new LinkedHashMap<>();
    for (int i = 1; form.containsKey("Tags.member." + i + ".Key"); i++) {
      String key = form.getOrDefault("Tags.member." + i + ".Key", "");
      String value = form.getOrDefault("Tags.member." + i + ".Value", "");
      require(TAG_KEY.matcher(key).matches() && TAG_VALUE.matcher(value).matches(), "tags");
      tags.put(key, value);
    }
    require(tags.size() <= 50, "tags");
    return tags;
  }

  private static void require(boolean holds, String parameter) throws StsError {
    if (!holds) {
      throw StsError.invalid(
          "1 validation error detected: Value at '%s' failed to satisfy constraint"
              .formatted(parameter));
    }
  }
}
