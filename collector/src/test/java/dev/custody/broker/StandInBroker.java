package dev.custody.broker;

import dev.custody.capture.CaptureException;
import dev.custody.capture.Observer;
import dev.custody.capture.Recorder;
import dev.custody.capture.SourceNotes;
import dev.custody.sts.IssuedKey;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** A broker whose own credential is a user's key that a stand-in knows, not this machine's. */
public final class StandInBroker {
  private StandInBroker() {}

  /** As {@link CredentialBroker#open}, with {@code own} as the collector's credential. */
  public static CredentialBroker open(
      BrokerConfig config,
      Observer observer,
      SessionDelegations delegations,
      Recorder recorder,
      SourceNotes notes,
      IssuedKey own)
      throws CaptureException {
    StaticCredentialsProvider with =
        StaticCredentialsProvider.create(
            AwsBasicCredentials.create(own.accessKeyId(), own.secret()));
    return new CredentialBroker(
        config,
        observer,
        delegations,
        recorder,
        KnownSessions.open(notes),
        () -> AwsSts.of(config, with));
  }
}
