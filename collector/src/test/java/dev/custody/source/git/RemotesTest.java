package dev.custody.source.git;

import static org.assertj.core.api.Assertions.assertThat;

import org.eclipse.jgit.lib.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of a remote: where it is, and nothing that opens it. */
final class RemotesTest {
  @ParameterizedTest
  @CsvSource({
    "https://git.example/acme.git, https://git.example/acme.git",
    "https://dana:pw@git.example/acme.git, https://git.example/acme.git",
    "HTTPS://TOKEN@git.example:8443/acme.git?private_token=x#y, https://git.example:8443/acme.git",
    "ssh://git@git.example:22/acme.git, ssh://git.example:22/acme.git",
    "git@git.example:acme/app.git, git@git.example:acme/app.git",
    "/srv/git/acme.git, /srv/git/acme.git",
    "https://a@b:c@git.example, https://git.example",
    "ext::sh -c 'curl -u dana:pw x', ext::",
  })
  void anAddressIsToldWithoutCredentials(String url, String told) {
    assertThat(Remotes.withoutCredentials(url)).isEqualTo(told);
  }

  @Test
  void aStrangeAddressIsNotTold() {
    assertThat(Remotes.withoutCredentials("https://x/\u001b[2J")).isNull();
    assertThat(Remotes.withoutCredentials("https://" + "x".repeat(2_000))).isNull();
  }

  @Test
  void theRemoteIsFoundByItsFetchSpecification() throws Exception {
    Config config = new Config();
    config.fromText(
        """
        [remote "broken"]
          fetch = :::*
          url = https://broken.example
        [remote "a/b"]
          fetch = +refs/heads/*:refs/remotes/a/b/*
          url = https://fetch.example/x
          pushurl = https://u:p@push.example/x
        """);
    Remotes remotes = new Remotes(config);
    assertThat(remotes.behind("refs/remotes/a/b/c/d"))
        .isEqualTo(new Remotes.Branch("a/b", "https://push.example/x", "refs/heads/c/d"));
    assertThat(remotes.behind("refs/remotes/a/c")).isNull();
  }
}
