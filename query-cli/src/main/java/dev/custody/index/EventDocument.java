package dev.custody.index;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.Candidate;
import dev.custody.attribution.Grade;
import dev.custody.event.Agent;
import dev.custody.event.Body;
import dev.custody.event.Human;
import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import org.apache.lucene.document.Document;

/** What of an attributed event can be asked. */
final class EventDocument {
  private static final String CLOUD_CALL = Body.CloudCall.class.getSimpleName();

  private EventDocument() {}

  static Document of(Attribution event, byte[] record) {
    DocumentBuilder to =
        new DocumentBuilder(
                Fields.EVENT, DocumentBuilder.key(event.event()), event.occurredAt(), record)
            .revision(event.revision());
    what(event, to);
    who(event.best(), to);
    // A rival may have done it just as well: who asks for a rival finds the event too.
    event.rivals().forEach(rival -> who(rival, to));
    where(event, to);
    CredentialFields.add(event, to);
    doer(event, to);
    return to.build();
  }

  private static void what(Attribution event, DocumentBuilder to) {
    to.exact(Fields.ID, event.event().toString())
        .folded(Fields.KIND, event.kind())
        .action(event.action())
        .folded(Fields.OUTCOME, event.outcome().name())
        .folded(Fields.GRADE, event.best().grade().name())
        .folded(Fields.VERDICT, event.delegation().verdict().name())
        .folded(Fields.DELEGATION, event.delegation().id())
        .text(event.kind())
        .text(event.outcomeReason())
        .text(event.extract());
    event.resources().forEach(to::resource);
    for (Identifier identifier : event.identifiers()) {
      to.exact(Fields.IDENTIFIER, identifier.value()).text(identifier.value());
      if (identifier.kind() == IdentifierKind.GIT_COMMIT) {
        to.folded(Fields.COMMIT, identifier.value());
      }
    }
    event.hits().forEach(rule -> to.folded(Fields.RULE, rule));
  }

  private static void who(Candidate candidate, DocumentBuilder to) {
    Agent agent = candidate.agent();
    if (agent != null) {
      to.folded(Fields.AGENT, agent.product())
          .folded(Fields.AGENT, agent.spiffeId())
          .folded(Fields.AGENT, agent.instance())
          .folded(Fields.AGENT, agent.subAgent())
          .text(agent.product());
    }
    Human human = candidate.human();
    if (human != null) {
      to.folded(Fields.HUMAN, human.id())
          .folded(Fields.HUMAN, human.osUser())
          .folded(Fields.HUMAN, human.gitEmail())
          .text(human.id());
    }
    to.exact(Fields.SESSION, candidate.session())
        .exact(Fields.PROMPT, candidate.prompt())
        .exact(Fields.TOOL_CALL, candidate.toolCall())
        .folded(Fields.DELEGATION, candidate.delegation());
  }

  private static void where(Attribution event, DocumentBuilder to) {
    to.folded(Fields.CHAIN, event.position().chain().hex())
        .folded(Fields.HOST, event.host())
        .folded(Fields.SOURCE, event.source().kind())
        .folded(Fields.SOURCE, event.source().event())
        .exact(Fields.IDENTIFIER, event.source().id());
  }

  /** What the agent did itself; a rival is not known to have done anything. */
  private static void doer(Attribution event, DocumentBuilder to) {
    Candidate best = event.best();
    Agent agent = best.agent();
    if (agent == null || best.grade() == Grade.UNATTRIBUTED) {
      return;
    }
    Human human = best.human();
    to.exact(Fields.DOER, agent.spiffeId())
        .column(Fields.DOER_SESSION, best.session() == null ? agent.instance() : best.session())
        .column(Fields.DOER_HUMAN, human == null ? null : human.id())
        .column(
            Fields.DOER_DELEGATION,
            event.delegation().id() == null ? best.delegation() : event.delegation().id());
    if (!event.kind().equals(CLOUD_CALL)) {
      // A provider's record was imported somewhere else than where the agent worked.
      to.column(Fields.DOER_HOST, event.host())
          .column(Fields.DOER_CHAIN, event.position().chain().hex());
    }
  }
}
