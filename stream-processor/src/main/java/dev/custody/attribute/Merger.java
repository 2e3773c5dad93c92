package dev.custody.attribute;

import dev.custody.attribution.Attribution;
import dev.custody.attribution.Candidate;
import dev.custody.attribution.Concern;
import dev.custody.attribution.Grade;
import dev.custody.event.Human;
import dev.custody.event.HumanBasis;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Brings what the tokens of one event say together: a function of the set of answers, not of their
 * order. What two identifiers say of one session adds up; what they say of two speaks against both.
 */
final class Merger {
  private static final Set<Basis> KNEW = Set.of(Basis.SHOWN, Basis.NAMED, Basis.ISSUED);
  private static final Set<Basis> SUPPORT = Set.of(Basis.SHOWN, Basis.PRINCIPAL, Basis.NAMED);

  private Merger() {}

  /** The attribution of {@code draft}'s event by {@code answers}. */
  static Attribution merge(Attribution draft, List<Answer> answers) {
    List<Scored> all = new ArrayList<>();
    List<Scored> beside = new ArrayList<>();
    int more = 0;
    for (Answer answer : answers) {
      (Token.isUser(answer.token()) ? beside : all).addAll(answer.candidates());
      more += Token.isUser(answer.token()) ? 0 : answer.more();
    }
    List<Scored> weighed = contested(supported(underGrants(all)));
    Ranking.Ranked ranked = Ranking.best(new Neighbours(beside).doubt(weighed));
    if (ranked.candidates().isEmpty()) {
      return draft;
    }
    if (draft.kind().equals("CredentialRevoked")) {
      return concerned(draft, ranked, more);
    }
    Scored first = ranked.candidates().getFirst();
    boolean known = first.candidate().grade() != Grade.UNATTRIBUTED;
    Candidate best = known ? first.candidate() : unknown(draft.best(), ranked);
    List<Candidate> rivals =
        ranked.candidates().stream()
            .skip(known ? 1 : 0)
            .filter(other -> isRival(best, other))
            .map(Scored::candidate)
            .toList();
    return Draft.with(
        draft,
        draft.revision(),
        best,
        Draft.humanGrade(best.human()),
        rivals,
        best.grade() == Grade.PROVEN ? 0 : more + ranked.more(),
        draft.delegation());
  }

  /**
   * Whom a revocation concerns: who held the credential. It says nothing of who ended it, and is no
   * use of it, so nothing of it is proven, of a call, or of concern.
   */
  private static Attribution concerned(Attribution draft, Ranking.Ranked ranked, int more) {
    List<Candidate> holders =
        ranked.candidates().stream()
            .map(Scored::candidate)
            .map(c ->
                c.during(null)
                    .concerned(List.of())
                    .graded(
                        c.grade() == Grade.UNATTRIBUTED ? Grade.UNATTRIBUTED : Grade.INFERRED,
                        List.of("held the credential that was revoked")))
            .toList();
    boolean known = holders.getFirst().grade() != Grade.UNATTRIBUTED;
    Candidate best = known ? holders.getFirst() : draft.best();
    return Draft.with(
        draft,
        draft.revision(),
        best,
        Draft.humanGrade(best.human()),
        known ? holders.subList(1, holders.size()) : holders,
        more + ranked.more(),
        draft.delegation());
  }

  private static Candidate unknown(Candidate nobody, Ranking.Ranked ranked) {
    int knew = ranked.candidates().size() + ranked.more();
    Candidate first = ranked.candidates().getFirst().candidate();
    if (isElsewhere(first)) {
      return nobody
          .because(Ranking.plus(nobody.reasons(), first.reasons()))
          .concerned(List.of(Concern.OTHER_ADDRESS));
    }
    boolean beside = ranked.candidates().stream().anyMatch(s -> s.basis() == Basis.SAME_USER);
    String why =
        beside
            ? "several sessions of its holder's user ran, and nothing tells which of them used it"
            : knew == 1
                ? "one session knew the identifier, and nothing shows that it used it"
                : knew + " sessions knew the identifier, and nothing shows that they used it";
    return nobody.because(Ranking.plus(nobody.reasons(), List.of(why)));
  }

  // Equals are rivals; so is whoever came to know the very same identifier, unless the issuer
  // itself settled it.
  private static boolean isRival(Candidate best, Scored other) {
    return other.candidate().grade() == best.grade()
        || (best.grade() != Grade.PROVEN && other.basis() != Basis.PRINCIPAL);
  }

  /**
   * A delegation that the provider's record names, and a session of the same human, are one answer,
   * not two.
   */
  private static List<Scored> underGrants(List<Scored> scored) {
    List<Scored> grants = scored.stream().filter(s -> s.basis() == Basis.GRANT).toList();
    List<Scored> all = new ArrayList<>();
    for (Scored one : scored) {
      if (one.basis() != Basis.GRANT) {
        all.add(under(one, grants));
      } else if (scored.stream().noneMatch(s -> speaksFor(s, one))) {
        all.add(one);
      }
    }
    return all;
  }

  private static boolean speaksFor(Scored session, Scored grant) {
    return session.basis() != Basis.GRANT
        && session.candidate().grade() != Grade.UNATTRIBUTED
        && isSameHuman(session.candidate(), grant.candidate());
  }

  private static Scored under(Scored session, List<Scored> grants) {
    Candidate c = session.candidate();
    for (Scored one : grants) {
      Candidate grant = one.candidate();
      boolean issuedFor =
          session.basis() == Basis.ISSUED
              && grant.delegation() != null
              && grant.delegation().equals(c.delegation());
      if (issuedFor || isSameHuman(c, grant)) {
        Candidate under =
            c.because(Ranking.plus(c.reasons(), grant.reasons())).under(grant.delegation());
        boolean signed = issuedFor && isSameHuman(c, grant);
        return session.with(signed ? under : unsigned(under));
      }
    }
    return session.with(unsigned(c));
  }

  // The broker says that the session presented a delegation which this human signed: the provider's
  // record has to say so too. Nor is a human proven whose delegation was only found by their name.
  private static Candidate unsigned(Candidate c) {
    Human human = c.human();
    if (human == null || human.basis() != HumanBasis.SIGNED_DELEGATION) {
      return c;
    }
    HumanBasis basis = human.gitEmail() == null ? HumanBasis.OS_USER : HumanBasis.GIT_EMAIL;
    return c.actingFor(new Human(human.id(), basis, human.osUser(), human.gitEmail()));
  }

  private static boolean isSameHuman(Candidate a, Candidate b) {
    return a.human() != null && b.human() != null && a.human().id().equals(b.human().id());
  }

  /** The session's tag, and the human's own name or a credential it knew: two observations. */
  private static List<Scored> supported(List<Scored> scored) {
    Map<String, List<Scored>> byCall = new LinkedHashMap<>();
    scored.stream()
        .filter(s -> s.inside() && s.candidate().grade() != Grade.UNATTRIBUTED)
        .forEach(s -> byCall.computeIfAbsent(call(s), x -> new ArrayList<>()).add(s));
    return scored.stream()
        .map(s ->
            s.basis() == Basis.TAGGED ? supported(s, byCall.getOrDefault(call(s), List.of())) : s)
        .toList();
  }

  private static Scored supported(Scored tagged, List<Scored> ofTheCall) {
    List<String> reasons =
        ofTheCall.stream()
            .filter(s -> SUPPORT.contains(s.basis()) && s.candidate().concerns().isEmpty())
            .filter(s -> !Uses.isDoubted(s.candidate()))
            .sorted(Ranking.ORDER)
            .flatMap(s -> s.candidate().reasons().stream())
            .toList();
    Candidate c = tagged.candidate();
    boolean supports =
        !reasons.isEmpty() && c.grade() == Grade.INFERRED && tagged.inside() && !Uses.isDoubted(c);
    return supports
        ? tagged.with(c.graded(Grade.CORROBORATED, Ranking.plus(c.reasons(), reasons)))
        : tagged;
  }

  private static String call(Scored s) {
    return Ranking.who(s.candidate()) + " " + s.candidate().toolCall();
  }

  /**
   * What speaks against all that is said of a session: a credential that was issued to it and used
   * elsewhere was stolen, whatever else fits. A tag that contradicts whose credential it is may be
   * false: the issuer is believed; what was merely shown is not believed more than the tag.
   */
  private static List<Scored> contested(List<Scored> scored) {
    return scored.stream().map(s -> contested(s, scored)).toList();
  }

  private static Scored contested(Scored s, List<Scored> all) {
    boolean elsewhere =
        s.basis() != Basis.ISSUED
            && all.stream().anyMatch(o -> isSame(o, s) && isElsewhere(o.candidate()));
    if (elsewhere) {
      return doubted(
          s, Grade.UNATTRIBUTED, Concern.OTHER_ADDRESS, "its credential was used from elsewhere");
    }
    if (s.basis() != Basis.TAGGED) {
      return s;
    }
    if (all.stream().anyMatch(o -> isHolder(o) && !isSame(o, s))) {
      // Who had come to know the credential may have used it, and says so by its tag.
      boolean knew = all.stream().anyMatch(o -> KNEW.contains(o.basis()) && isSame(o, s));
      return doubted(
          s,
          knew ? Grade.INFERRED : Grade.UNATTRIBUTED,
          Concern.CONFLICTING_TAG,
          "the credential is another session's");
    }
    boolean shown =
        all.stream()
            .anyMatch(o ->
                o.basis() == Basis.SHOWN
                    && o.candidate().grade() != Grade.UNATTRIBUTED
                    && !isSame(o, s));
    return shown
        ? doubted(
            s,
            Grade.INFERRED,
            Concern.CONFLICTING_TAG,
            "another session was shown the credential as well")
        : s;
  }

  /** Whose the credential is, not only may be. */
  private static boolean isHolder(Scored s) {
    return s.basis() == Basis.ISSUED
        && (s.candidate().grade() != Grade.UNATTRIBUTED || isElsewhere(s.candidate()));
  }

  private static boolean isElsewhere(Candidate c) {
    return c.concerns().contains(Concern.OTHER_ADDRESS);
  }

  private static boolean isSame(Scored a, Scored b) {
    return Ranking.who(a.candidate()).equals(Ranking.who(b.candidate()));
  }

  private static Scored doubted(Scored s, Grade most, Concern concern, String because) {
    Candidate c = s.candidate();
    List<Concern> concerns = new ArrayList<>(c.concerns());
    if (!concerns.contains(concern)) {
      concerns.add(concern);
    }
    Grade grade = c.grade().compareTo(most) < 0 ? most : c.grade();
    return s.with(c.graded(grade, Ranking.plus(c.reasons(), List.of(because))).concerned(concerns));
  }
}
