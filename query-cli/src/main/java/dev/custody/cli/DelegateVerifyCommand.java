package dev.custody.cli;

import dev.custody.admission.TrustedRoots;
import dev.custody.audit.RecordSource;
import dev.custody.capture.BadInputException;
import dev.custody.cli.Terminal.Style;
import dev.custody.delegation.DelegationChain;
import dev.custody.delegation.Standing;
import dev.custody.event.Body;
import dev.custody.event.Body.Hop;
import dev.custody.event.Event;
import dev.custody.explain.RecordedDelegations;
import dev.custody.identity.Delegation;
import dev.custody.identity.InvalidDelegationException;
import dev.custody.signing.TokenVerifier;
import dev.custody.source.delegation.DelegationRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Verifies a delegation offline: every signature, and that each hop only narrows. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Verifies a delegation, or a revocation, with the organisation's root keys and nothing else.",
      "A file holds the JSON that POST /delegations takes; an id is looked up in the stored log."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  custody delegate verify dlg-8f2a4c10b7d2",
      "  custody delegate verify hop.json --root root.pub",
      "",
      "Exit codes: 0 every hop verifies, 1 one does not, 2 could not run."
    })
final class DelegateVerifyCommand implements Callable<Integer>, ReadsOnly {
  private static final long MAX_FILE_BYTES = 256 << 10;

  @ParentCommand private DelegateCommand parent;

  @Parameters(paramLabel = "FILE|ID", description = "A file, or the id of a recorded delegation.")
  private String what;

  @Option(
      names = "--json",
      description = "One JSON object a line, for programs; docs/cli-json.md fixes its fields.")
  private boolean json;

  @Mixin private LogOptions log;

  @SuppressWarnings("NullAway.Init")
  DelegateVerifyCommand() {}

  @Override
  public Integer call() {
    TrustedRoots roots = log.roots(parent.data());
    Path file = Path.of(what);
    return Files.isRegularFile(file) ? verify(read(file), roots) : recorded(roots);
  }

  private static DelegationRequest read(Path file) {
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw new BadInputException("expected at most " + MAX_FILE_BYTES + " bytes");
      }
      return DelegationRequest.parse(Files.readAllBytes(file));
    } catch (BadInputException e) {
      throw new CouldNotRunException(
          "%s is no delegation: %s".formatted(file, e.getMessage()),
          "name a file with the JSON that POST /delegations takes",
          e);
    } catch (IOException e) {
      throw new CouldNotRunException(
          "%s cannot be read: %s".formatted(file, e.getMessage()), "see who may read it", e);
    }
  }

  private int recorded(TrustedRoots roots) {
    RecordedDelegations found;
    try (RecordSource source = log.source(parent.data())) {
      found = RecordedDelegations.of(what, source);
    } catch (IOException e) {
      throw log.unreadable(e);
    }
    if (found.grants().isEmpty()) {
      throw new CouldNotRunException(
          "no delegation %s: there is no such file, and none is recorded under that id"
              .formatted(what),
          "`custody delegate list` shows what is recorded",
          null);
    }
    int exit = ExitCode.FOUND;
    List<Event> all = new ArrayList<>(found.grants());
    all.addAll(found.revocations());
    for (Event event : all) {
      DelegationRequest request =
          switch (event.body()) {
            case Body.DelegationGranted g ->
                new DelegationRequest(new Hop(g.token(), g.certificate()), g.parents());
            case Body.DelegationRevoked r ->
                new DelegationRequest(new Hop(r.token(), r.certificate()), List.of());
            default -> throw new IllegalStateException("not of a delegation: " + event.body());
          };
      exit = Math.max(exit, verify(request, roots));
    }
    return exit;
  }

  private int verify(DelegationRequest request, TrustedRoots roots) {
    try {
      return TokenVerifier.type(request.signed().token()).equals(TokenVerifier.REVOCATION_TYPE)
          ? revocation(request.signed(), roots)
          : chain(request.hops(), roots);
    } catch (InvalidDelegationException e) {
      return verdict(e.defect().name(), e.getMessage());
    }
  }

  private int revocation(Hop signed, TrustedRoots roots) throws InvalidDelegationException {
    Delegation.Revocation revocation =
        DelegationChain.verifyRevocation(signed.token(), signed.certificate(), roots);
    return verdict(
        "REVOKES",
        "%s by %s at %s%s"
            .formatted(
                revocation.delegation(),
                revocation.grantor(),
                revocation.issuedAt(),
                revocation.reason().isEmpty() ? "" : ": " + revocation.reason()));
  }

  /** Prints the hops that verify, from the human's own on, then what became of the rest. */
  private int chain(List<Hop> hops, TrustedRoots roots) throws InvalidDelegationException {
    for (int length = 1; length <= hops.size(); length++) {
      DelegationChain chain;
      try {
        chain = DelegationChain.verify(hops.subList(0, length), roots);
      } catch (InvalidDelegationException e) {
        // A prefix numbers the hops otherwise; the whole says it as everybody else is told.
        var _ = DelegationChain.verify(hops, roots);
        throw e;
      }
      hop(length, chain.effective());
    }
    return verdict("VERIFIES", hops.size() == 1 ? "1 hop" : hops.size() + " hops");
  }

  private void hop(int number, Delegation hop) {
    if (json) {
      var out = Output.stream();
      new JsonLines(out)
          .line(line -> {
            line.writeNumberField("hop", number);
            line.writeStringField("id", hop.id());
            line.writeStringField("signer", hop.signer());
            line.writeStringField("grantor", hop.grantor());
            line.writeStringField("delegate", hop.delegate().toString());
            line.writeStringField("notBefore", hop.notBefore().toString());
            line.writeStringField("expiresAt", hop.expiresAt().toString());
            line.writeStringField("standing", standing(hop).name());
            line.writeNumberField("maxDepth", hop.maxDepth());
            line.writeStringField("session", hop.session());
            line.writeStringField("purpose", hop.purpose());
            line.writeStringField("authorizationDetails", hop.scope().toAuthorizationDetails());
          });
      out.flush();
      return;
    }
    Terminal terminal = Output.terminal();
    terminal.line(
        "hop %d  %s  signed by %s"
            .formatted(
                number,
                terminal.styled(Style.STRONG, Terminal.clean(hop.id())),
                Terminal.clean(hop.signer())));
    terminal.line("  to       " + hop.delegate());
    terminal.line(
        "  valid    %s until %s: %s"
            .formatted(hop.notBefore(), hop.expiresAt(), words(standing(hop))));
    hop.scope().inWords().forEach(line -> terminal.line("  allows   " + Terminal.clean(line)));
    terminal.line("  depth    " + hop.maxDepth());
    optional(terminal, "session", hop.session());
    optional(terminal, "purpose", hop.purpose());
    terminal.flush();
  }

  /** By its own times; a revocation is a statement of its own. */
  private static Standing standing(Delegation hop) {
    return Standing.at(Clock.systemUTC().instant(), hop.notBefore(), hop.expiresAt(), null);
  }

  private static String words(Standing standing) {
    return switch (standing) {
      case IN_FORCE -> "in force unless revoked";
      case ENDED -> "ended";
      case NOT_BEGUN -> "not begun";
      case AT_A_BOUNDARY -> "within 5 s of its beginning or its end";
      case REVOKED -> "revoked";
    };
  }

  private static void optional(Terminal terminal, String label, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      terminal.line("  %s  %s".formatted(label, Terminal.clean(value)));
    }
  }

  private int verdict(String verdict, @Nullable String why) {
    boolean good = verdict.equals("VERIFIES") || verdict.equals("REVOKES");
    if (json) {
      var out = Output.stream();
      new JsonLines(out)
          .line(line -> {
            line.writeStringField("verdict", verdict);
            line.writeStringField("why", why);
          });
      out.flush();
    } else {
      Terminal terminal = Output.terminal();
      terminal.line(
          terminal.styled(good ? Style.GOOD : Style.BAD, verdict)
              + ": "
              + Terminal.clean(String.valueOf(why)));
      terminal.flush();
    }
    return good ? ExitCode.FOUND : ExitCode.NOTHING_FOUND;
  }
}
