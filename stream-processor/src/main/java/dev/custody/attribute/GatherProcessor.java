package dev.custody.attribute;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.Candidate;
import dev.custody.attribution.Grade;
import dev.custody.event.IdentifierKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Brings the answers of an event's tokens together again; their number is known, so nothing is said
 * before all have spoken.
 */
public final class GatherProcessor implements Processor<String, Answer, String, Attribution> {
  /** State store of the answers, by event id. */
  public static final String STORE = "answers";

  /** A step of this stage in a revision; the delegation stage counts below it. */
  static final long REVISION_STEP = 1L << 20;

  private @Nullable ProcessorContext<String, Attribution> context;
  private @Nullable KeyValueStore<String, Gathered> store;

  @Override
  public void init(ProcessorContext<String, Attribution> context) {
    this.context = context;
    this.store = context.getStateStore(STORE);
  }

  @Override
  public void process(Record<String, Answer> record) {
    KeyValueStore<String, Gathered> gathered = Objects.requireNonNull(store);
    Gathered before = gathered.get(record.key());
    List<Answer> answers = new ArrayList<>(before == null ? List.of() : before.answers());
    answers.removeIf(answer -> answer.token().equals(record.value().token()));
    answers.add(record.value());
    long revision = before == null ? 0 : before.revision();
    if (answers.size() < record.value().tokens()) {
      gathered.put(record.key(), new Gathered(revision, answers));
      return;
    }
    Attribution now = merge(answers);
    boolean told = revision > 0 && before != null && now.equals(merge(before.answers()));
    long next = told ? revision : revision + REVISION_STEP;
    gathered.put(record.key(), new Gathered(next, answers));
    if (!told) {
      Attribution revised =
          Draft.with(
              now,
              next,
              now.best(),
              now.humanGrade(),
              now.rivals(),
              now.moreRivals(),
              now.delegation());
      Objects.requireNonNull(context).forward(record.withValue(revised));
    }
  }

  /** The best of all answers; depends on the answers alone, not on their order. */
  static Attribution merge(List<Answer> answers) {
    Attribution event = answers.getFirst().event();
    List<Scored> all = new ArrayList<>();
    int more = 0;
    for (Answer answer : answers) {
      all.addAll(answer.candidates());
      more += answer.more();
    }
    Ranking.Ranked ranked = Ranking.best(joined(all));
    if (ranked.candidates().isEmpty()) {
      return event;
    }
    Candidate best = ranked.candidates().getFirst().candidate();
    List<Candidate> rivals = new ArrayList<>();
    for (Scored other : ranked.candidates().subList(1, ranked.candidates().size())) {
      if (isRival(best, other.candidate(), answers)) {
        rivals.add(other.candidate());
      }
    }
    return Draft.with(
        event,
        0,
        best,
        Draft.humanGrade(best.human()),
        rivals,
        more + ranked.more(),
        event.delegation());
  }

  // Equals are rivals; so is whoever carried the very same identifier, unless the issuer itself
  // settled it.
  private static boolean isRival(Candidate best, Candidate other, List<Answer> answers) {
    if (other.grade() == best.grade()) {
      return true;
    }
    return best.grade() != Grade.PROVEN
        && answers.stream()
            .filter(a -> !Token.is(a.token(), IdentifierKind.PRINCIPAL))
            .flatMap(a -> a.candidates().stream())
            .anyMatch(s -> Ranking.who(s.candidate()).equals(Ranking.who(other)));
  }

  // A delegation that the provider's record names, and a session of the same human, are one answer,
  // not two.
  private static List<Scored> joined(List<Scored> scored) {
    List<Scored> sessions = scored.stream().filter(s -> s.candidate().session() != null).toList();
    List<Scored> all = new ArrayList<>();
    for (Scored one : scored) {
      Candidate c = one.candidate();
      boolean spokenFor =
          c.session() == null && sessions.stream().anyMatch(s -> isSameHuman(s.candidate(), c));
      if (!spokenFor) {
        Scored grant =
            scored.stream()
                .filter(s -> s.candidate().session() == null && isSameHuman(s.candidate(), c))
                .findFirst()
                .orElse(null);
        all.add(c.session() == null || grant == null ? one : under(one, grant.candidate()));
      }
    }
    return all;
  }

  private static boolean isSameHuman(Candidate a, Candidate b) {
    return a.human() != null && b.human() != null && a.human().id().equals(b.human().id());
  }

  private static Scored under(Scored session, Candidate grant) {
    Candidate c = session.candidate();
    List<String> reasons = new ArrayList<>(c.reasons());
    reasons.addAll(grant.reasons());
    return new Scored(
        new Candidate(
            c.agent(),
            c.human(),
            c.session(),
            c.prompt(),
            c.toolCall(),
            grant.delegation(),
            c.grade(),
            reasons,
            c.evidence(),
            c.project()),
        session.mention(),
        session.distanceMillis());
  }
}
