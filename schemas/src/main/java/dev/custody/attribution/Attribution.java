package dev.custody.attribution;

import dev.custody.event.EventId;
import dev.custody.event.Identifier;
import dev.custody.event.Outcome;
import dev.custody.event.Source;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who did what an event records; the highest revision wins.
 *
 * @param event the event
 * @param revision rises with each re-attribution
 * @param kind name of the event's body
 * @param occurredAt claimed by the source
 * @param observedAt the collector's clock
 * @param position where the record stands
 * @param source where it was learnt
 * @param host collector's machine
 * @param action action
 * @param resources resources
 * @param outcome outcome
 * @param outcomeReason error code or reason
 * @param identifiers public identifiers
 * @param redactions secrets replaced
 * @param extract short extract of the content, for words
 * @param best the best graded candidate
 * @param humanGrade how well the human is known
 * @param rivals equal candidates, at most 16
 * @param moreRivals how many more
 * @param delegation the delegation it was done under
 * @param hits sigma rules that the event fired
 * @param fields what correlations of the rules that it fired group by or count
 * @param issued the credential that it hands out
 * @param account the provider's account in which it happened
 */
public record Attribution(
    EventId event,
    long revision,
    String kind,
    Instant occurredAt,
    Instant observedAt,
    Position position,
    Source source,
    String host,
    @Nullable String action,
    List<String> resources,
    Outcome outcome,
    @Nullable String outcomeReason,
    List<Identifier> identifiers,
    int redactions,
    String extract,
    Candidate best,
    Grade humanGrade,
    List<Candidate> rivals,
    int moreRivals,
    DelegationUse delegation,
    List<String> hits,
    List<RecordField> fields,
    @Nullable IssuedCredential issued,
    @Nullable String account) {
  public Attribution {
    resources = List.copyOf(resources);
    identifiers = List.copyOf(identifiers);
    rivals = List.copyOf(rivals);
    hits = List.copyOf(hits);
    fields = List.copyOf(fields);
  }
}
