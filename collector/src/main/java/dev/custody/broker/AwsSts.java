package dev.custody.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.StsClientBuilder;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.Credentials;
import software.amazon.awssdk.services.sts.model.Tag;

/** AWS STS, asked with the credentials of the collector's own user. Safe for several threads. */
final class AwsSts {
  private static final Logger LOG = LoggerFactory.getLogger(AwsSts.class);
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration ALL = Duration.ofSeconds(25);

  /** A role that was assumed with a role's credentials ends after an hour at most. */
  private static final Duration CHAINED = Duration.ofHours(1);

  /** Their messages say what to mend and quote nothing secret; others may quote a signed header. */
  private static final Set<String> TELLING =
      Set.of(
          "AccessDenied",
          "ExpiredToken",
          "MalformedPolicyDocument",
          "PackedPolicyTooLarge",
          "RegionDisabledException",
          "ValidationError");

  private final StsClient client;
  private final AwsCredentialsProvider own;

  private AwsSts(StsClient client, AwsCredentialsProvider own) {
    this.client = client;
    this.own = own;
  }

  /**
   * A request for a credential.
   *
   * @param role ARN
   * @param policy session policy, JSON
   * @param sessionName name of the session
   * @param sourceIdentity what the session and all that descends from it carry
   * @param tags session tags
   * @param life how long it is to last, whole seconds
   */
  record Order(
      String role,
      String policy,
      String sessionName,
      String sourceIdentity,
      Map<String, String> tags,
      Duration life) {
    Order {
      tags = Map.copyOf(tags);
    }
  }

  /**
   * What STS handed out. The last two are secret: nothing prints them.
   *
   * @param accessKeyId public
   * @param roleSession {@code Role/Session}
   * @param parent id of the key that asked
   * @param expiresAt end
   */
  record Handed(
      String accessKeyId,
      String roleSession,
      String parent,
      Instant expiresAt,
      String secretAccessKey,
      String sessionToken) {
    @Override
    public String toString() {
      return "Handed[" + accessKeyId + "]";
    }
  }

  /** Where {@code config} says, with what the SDK's default chain finds for this user. */
  static AwsSts of(BrokerConfig config) {
    return of(config, DefaultCredentialsProvider.builder().build());
  }

  static AwsSts of(BrokerConfig config, AwsCredentialsProvider own) {
    StsClientBuilder builder =
        StsClient.builder()
            .region(Region.of(config.region()))
            .credentialsProvider(own)
            .httpClientBuilder(
                UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(ANSWER))
            .overrideConfiguration(c -> c.apiCallTimeout(ALL));
    if (config.stsEndpoint() != null) {
      builder.endpointOverride(config.stsEndpoint());
    }
    return new AwsSts(builder.build(), own);
  }

  /**
   * Assumes a role.
   *
   * @throws RefusedException when STS does not let it, or the collector has no credentials
   */
  Handed assume(Order order) throws RefusedException {
    try {
      AwsCredentials with = own.resolveCredentials();
      AssumeRoleResponse answer = client.assumeRole(request(order, with));
      Credentials credentials = answer.credentials();
      String arn = answer.assumedRoleUser().arn();
      return new Handed(
          credentials.accessKeyId(),
          arn.substring(arn.indexOf('/') + 1),
          with.accessKeyId(),
          credentials.expiration(),
          credentials.secretAccessKey(),
          credentials.sessionToken());
    } catch (AwsServiceException e) {
      throw refused(e.awsErrorDetails());
    } catch (SdkException e) {
      // Its message may hold what a program of the credential chain printed.
      LOG.warn("AWS STS could not be asked: {}", e.getClass().getName());
      throw new RefusedException(
          RefusedException.Kind.PROVIDER,
          "AWS STS could not be asked: it does not answer, or the collector's user has no AWS credentials; try: docs/credentials.md");
    }
  }

  private static AssumeRoleRequest request(Order order, AwsCredentials with) {
    boolean chained = with instanceof AwsSessionCredentials;
    Duration life = chained && order.life().compareTo(CHAINED) > 0 ? CHAINED : order.life();
    List<Tag> tags =
        order.tags().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
            .toList();
    return AssumeRoleRequest.builder()
        .roleArn(order.role())
        .roleSessionName(order.sessionName())
        .sourceIdentity(order.sourceIdentity())
        .policy(order.policy())
        .tags(tags)
        .durationSeconds((int) life.toSeconds())
        .overrideConfiguration(c -> c.credentialsProvider(StaticCredentialsProvider.create(with)))
        .build();
  }

  private static RefusedException refused(AwsErrorDetails details) {
    String code = details == null ? "no reason" : details.errorCode();
    String message = details != null && TELLING.contains(code) ? ": " + details.errorMessage() : "";
    return new RefusedException(
        RefusedException.Kind.PROVIDER, "AWS STS refused with " + code + message);
  }
}
