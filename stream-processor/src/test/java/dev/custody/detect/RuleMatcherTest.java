package dev.custody.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.event.EventBuilder;
import dev.custody.event.Host;
import dev.custody.event.Source;
import dev.custody.sigma.RuleSet;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RuleMatcherTest {
  private static final Instant NOW = Instant.parse("2026-11-22T07:00:00Z");

  /** In the form of public rules; the rules are ours. */
  private static RuleMatcher rules() {
    String rules =
        """
        title: A stolen trail
        id: aws
        level: high
        logsource:
          product: aws
          service: cloudtrail
        detection:
          selection:
            eventName: PutBucketPolicy
            requestParameters|contains|all:
              - '"Principal":"*"'
              - '"s3:GetObject"'
          condition: selection
        ---
        title: A repository made public
        id: github
        level: high
        logsource:
          product: github
          service: audit
        detection:
          selection:
            action: repo.access
            visibility: public
          condition: selection
        ---
        title: Secrets listed
        id: kubernetes
        level: medium
        logsource:
          category: application
          product: kubernetes
          service: audit
        detection:
          selection:
            verb: list
            objectRef.resource: secrets
          filter:
            user.username|startswith: 'system:serviceaccount:kube-system:'
          condition: selection and not filter
        ---
        title: Anything of GitHub
        id: ours
        level: low
        logsource:
          product: custody
          category: agent_event
          service: github
        detection:
          selection:
            custody.kind: Observed
          condition: selection
        """;
    return new RuleMatcher(RuleSet.of(Map.of("rules.yml", rules.getBytes(StandardCharsets.UTF_8))));
  }

  private static Event record(String kind, String json) {
    return new EventBuilder(
            new Source(kind, "record", "1", null),
            new Host("laptop", null),
            NOW,
            new Body.Observed("record"))
        .content(json.getBytes(StandardCharsets.UTF_8), 0)
        .build();
  }

  @Test
  void publicRulesSeeTheRecordsOfTheLogThatTheyName() {
    RuleMatcher matcher = rules();
    String policy =
        "{\"Statement\":[{\"Principal\":\"*\",\"Action\":\"s3:GetObject\"}]}".replace("\"", "\\\"");
    String trail =
        "{\"eventName\":\"PutBucketPolicy\",\"requestParameters\":{\"bucketPolicy\":\"%s\"}}"
            .formatted(policy);
    assertThat(matcher.hits(record("cloudtrail", trail))).containsExactly("aws");
    String audit = "{\"action\":\"repo.access\",\"visibility\":\"public\"}";
    assertThat(matcher.hits(record("github", audit))).containsExactly("github", "ours");
    String list =
        "{\"verb\":\"list\",\"objectRef\":{\"resource\":\"secrets\"},\"user\":{\"username\":\"%s\"}}";
    assertThat(matcher.hits(record("kubernetes", list.formatted("dana"))))
        .containsExactly("kubernetes");
    assertThat(
            matcher.hits(
                record("kubernetes", list.formatted("system:serviceaccount:kube-system:x"))))
        .isEmpty();
    assertThat(matcher.hits(record("kubernetes", audit))).isEmpty();
    assertThat(matcher.hits(record("claude-code", trail))).isEmpty();
  }
}
