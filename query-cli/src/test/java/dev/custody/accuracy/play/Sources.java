package dev.custody.accuracy.play;

import dev.custody.admission.TrustedRoots;
import dev.custody.capture.CaptureException;
import dev.custody.capture.Observer;
import dev.custody.capture.SourceNotes;
import dev.custody.delegations.Bindings;
import dev.custody.delegations.DelegationBook;
import dev.custody.delegations.SubAgentHops;
import dev.custody.enforce.DecisionPoint;
import dev.custody.enforce.Policy;
import dev.custody.sighting.SessionRedactors;
import dev.custody.source.SessionPlaces;
import dev.custody.source.agent.Oversight;
import dev.custody.source.claudecode.ClaudeCodeHooks;
import dev.custody.source.cloudtrail.CloudTrailSource;
import dev.custody.source.otlp.OtlpReceiver;
import dev.custody.tag.SessionEnvironment;
import dev.custody.tag.SessionTags;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The real sources of one collector.
 *
 * @param book what it knows of delegations
 * @param environment gives sessions their tags
 * @param hooks reads hooks
 * @param telemetry reads what agents export
 * @param cloud reads CloudTrail records
 */
record Sources(
    DelegationBook book,
    SessionEnvironment environment,
    ClaudeCodeHooks hooks,
    OtlpReceiver telemetry,
    CloudTrailSource cloud) {
  private static final Pattern TAG = Pattern.compile("CUSTODY_SESSION_TAG=(\\S+)");

  /** The tag in the lines of an environment. */
  static String tag(String environment) throws IOException {
    Matcher matcher = TAG.matcher(environment);
    if (!matcher.find()) {
      throw new IOException("no tag in an environment of " + environment.length() + " characters");
    }
    return matcher.group(1);
  }

  static Sources of(Observer observer, TrustedRoots roots, SourceNotes notes)
      throws CaptureException {
    DelegationBook book = DelegationBook.open(notes, roots, observer.clock());
    SessionTags tags = SessionTags.open(observer.fingerprints(), notes, observer.clock());
    Oversight oversight =
        new Oversight(
            new Bindings(book),
            new SubAgentHops(book, null, roots, observer),
            new DecisionPoint(book, Policy.OBSERVE),
            tags);
    return new Sources(
        book,
        new SessionEnvironment(tags, observer),
        new ClaudeCodeHooks(observer, oversight),
        new OtlpReceiver(
            observer, new SessionRedactors(observer.fingerprints()), new SessionPlaces()),
        new CloudTrailSource(observer));
  }
}
