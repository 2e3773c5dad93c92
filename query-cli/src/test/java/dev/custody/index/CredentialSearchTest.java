package dev.custody.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.attribution.Attribution;
import dev.custody.index.CredentialSearch.Facet;
import dev.custody.index.CredentialSearch.Part;
import dev.custody.index.CredentialSearch.Seen;
import dev.custody.query.Condition;
import dev.custody.query.Term;
import dev.custody.wire.Formats;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialSearchTest {
  @TempDir private Path directory;

  @BeforeEach
  void index() throws IOException {
    Incident.index(directory);
  }

  @Test
  void aCredentialIsFoundByItsUsesNotByWhereItWasOnlyShown() {
    try (IndexSearch search = IndexSearch.open(directory)) {
      CredentialSearch credentials = search.credentials();
      assertThat(credentials.count(Part.NAMED, Incident.KEY)).isEqualTo(2);
      assertThat(credentials.count(Part.USED, Incident.KEY)).isEqualTo(1);
      assertThat(credentials.first(Part.USED, Incident.KEY)).contains(Incident.DELETED);
      assertThat(credentials.first(Part.NAMED, Incident.KEY)).contains(Incident.SHOWED);
      assertThat(credentials.last(Part.NAMED, Incident.KEY)).contains(Incident.DELETED);
    }
  }

  @Test
  void whatIsDistinctIsCountedOfThatCredentialOnly() {
    try (IndexSearch search = IndexSearch.open(directory)) {
      CredentialSearch credentials = search.credentials();
      assertThat(credentials.values(Incident.KEY, Facet.SESSION, 9))
          .isEqualTo(Map.of(Incident.SESSION, 2L));
      assertThat(credentials.values(Incident.KEY, Facet.ACTION, 9))
          .isEqualTo(Map.of("s3:DeleteBucket", 1L));
      assertThat(credentials.values(Incident.KEY, Facet.ADDRESS, 9))
          .isEqualTo(Map.of("203.0.113.7", 1L));
      assertThat(credentials.values(Incident.SESSION, Facet.CREDENTIAL, 9))
          .isEqualTo(Map.of(Incident.KEY, 2L));
      assertThat(credentials.values("AKIA2E0A8F3B244C998", Facet.SESSION, 9)).isEmpty();
    }
  }

  @Test
  void aListTakesWhatAgentsHadAndHoldsItsConditions() {
    try (IndexSearch search = IndexSearch.open(directory)) {
      CredentialSearch credentials = search.credentials();
      assertThat(credentials.ofAgents("AKIA", new Condition.Anything()))
          .extracting(Seen::id)
          .containsExactly(Incident.KEY);
      assertThat(credentials.ofAgents("ASIA", new Condition.Anything())).isEmpty();
      assertThat(credentials.ofAgents("", new Condition.Is(Term.SESSION, "another"))).isEmpty();
    }
  }

  @Test
  void aSessionThatALaterRevisionTookAwayIsGone() {
    Attribution revised =
        Incident.event(5, "CloudCall")
            .revision(9)
            .action("s3:DeleteBucket")
            .identifiers(Incident.DELETED.identifiers().getFirst())
            .build();
    Attribution unshown = Incident.event(3, "ToolCallCompleted").revision(9).build();
    try (EventIndex index = EventIndex.open(directory)) {
      for (Attribution one : List.of(revised, unshown)) {
        assertThat(index.add(one, Formats.ATTRIBUTION.encode(one))).isTrue();
      }
      index.commit(Map.of());
    }
    try (IndexSearch search = IndexSearch.open(directory)) {
      assertThat(search.credentials().values(Incident.KEY, Facet.ADDRESS, 9)).isEmpty();
      assertThat(search.credentials().values(Incident.KEY, Facet.ACTION, 9))
          .isEqualTo(Map.of("s3:DeleteBucket", 1L));
    }
  }
}
