package dev.custody.cli;

import dev.custody.index.CredentialSearch;
import dev.custody.index.CredentialSearch.Facet;
import dev.custody.index.CredentialSearch.Part;
import dev.custody.index.IndexSearch;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** One credential, or those of a session. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description =
        "What identity was borrowed, for how long, with what authority: of one credential, or of a session's.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  custody credential show ASIA2E0A8F3B244C9986",
      "  custody credential show de69fa27-56e9-4a24-a42a-3fbc674d999f   those of a session"
    })
final class CredentialShowCommand implements Callable<Integer>, ReadsOnly {
  @ParentCommand private CredentialCommand parent;

  @Parameters(paramLabel = "ID|SESSION", description = "Access key id, or session; whole.")
  private String subject;

  @Mixin private OutputOptions output;

  @SuppressWarnings("NullAway.Init")
  CredentialShowCommand() {}

  @Override
  public Integer call() {
    int limit = output.limit();
    Instant now = Clock.systemUTC().instant();
    try (IndexSearch search = IndexSearch.open(parent.custody().index())) {
      CredentialSearch credentials = search.credentials();
      List<String> ids =
          credentials.count(Part.NAMED, subject) > 0
              ? List.of(subject)
              : List.copyOf(
                  credentials
                      .values(subject, Facet.CREDENTIAL, CredentialSearch.MOST_CREDENTIALS)
                      .keySet());
      List<CredentialView> shown =
          ids.stream().limit(limit).map(id -> CredentialView.of(credentials, id, now)).toList();
      CredentialReport report = new CredentialReport(credentials, now);
      return new Answers(output.json, "custody credential list shows ids")
          .print(shown, ids.size() - shown.size(), true, report::full, report::print);
    }
  }
}
