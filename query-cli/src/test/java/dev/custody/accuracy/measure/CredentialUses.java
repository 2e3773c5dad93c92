package dev.custody.accuracy.measure;

import dev.custody.accuracy.measure.Judged.Verdict;
import dev.custody.accuracy.world.Actor;
import dev.custody.accuracy.world.Truth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which session used which credential: that is said by the answers on the calls made with it. Each
 * pair counts once, with the surest of its answers.
 */
final class CredentialUses {
  private CredentialUses() {}

  static List<Judged> of(List<Judged> acts) {
    List<Judged> calls =
        acts.stream()
            .filter(
                j -> j.truth().kind() == Truth.Kind.CLOUD_CALL && j.truth().credential() != null)
            .toList();
    Map<String, Judged> used = new LinkedHashMap<>();
    calls.stream()
        .filter(j -> j.truth().actor() instanceof Actor.AgentCall)
        .sorted(Comparator.comparing(j -> j.truth().link()))
        .forEach(j -> used.putIfAbsent(pair(j.truth(), really(j)), j));
    Map<String, Judged> said = new LinkedHashMap<>();
    calls.stream()
        .filter(j -> j.named() && said(j) != null)
        .sorted(Comparator.comparing(Judged::grade))
        .forEach(j -> said.putIfAbsent(pair(j.truth(), String.valueOf(said(j))), j));
    Set<String> pairs = new LinkedHashSet<>(used.keySet());
    pairs.addAll(said.keySet());
    List<Judged> judged = new ArrayList<>();
    pairs.forEach(pair -> judged.add(judge(pair, used, said)));
    return judged;
  }

  private static Judged judge(String pair, Map<String, Judged> used, Map<String, Judged> said) {
    Judged really = used.get(pair);
    Judged told = said.get(pair);
    if (really == null) {
      Judged wrong = java.util.Objects.requireNonNull(told);
      return new Judged(use(pair, wrong.truth()), wrong.answer(), Verdict.WRONG);
    }
    return told == null
        ? new Judged(use(pair, really.truth()), really.answer(), Verdict.SILENT)
        : new Judged(use(pair, really.truth()), told.answer(), Verdict.RIGHT);
  }

  private static Truth use(String pair, Truth call) {
    return new Truth(
        Truth.Kind.CREDENTIAL_USE,
        pair,
        call.at(),
        call.actor(),
        call.link(),
        call.scenario(),
        call.words(),
        call.credential());
  }

  private static String pair(Truth call, String session) {
    return call.credential() + "|" + session;
  }

  private static String really(Judged call) {
    return call.truth().actor() instanceof Actor.AgentCall agent ? agent.session() : "";
  }

  private static @org.jspecify.annotations.Nullable String said(Judged call) {
    return call.answer() == null ? null : call.answer().best().session();
  }
}
