package dev.custody.source.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.sighting.TestObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class WorkplacesTest {
  @TempDir Path directory;

  private final TestObserver clock = new TestObserver();
  private Path home;
  private Workplaces workplaces;
  private GitCommand git;

  @BeforeEach
  void start() throws IOException {
    directory = directory.toRealPath();
    home = Files.createDirectories(directory.resolve("home"));
    workplaces =
        new Workplaces(
            GitSettings.of(Map.of("HOME", home.toString(), "GIT_CONFIG_NOSYSTEM", "1")), clock);
    git = GitCommand.init(directory.resolve("acme"));
  }

  @Test
  void aDirectoryInARepositoryHasItsNameAndUser() throws IOException {
    Path inside = Files.createDirectories(git.directory().resolve("src/main"));
    assertThat(workplaces.at(inside.toString()))
        .isEqualTo(
            new Workplace(
                "acme",
                git.directory().toString(),
                git.directory().toString(),
                "dana@acme.example"));
  }

  @Test
  void outsideOfARepositoryNobodyIsKnown() throws IOException {
    Files.writeString(home.resolve(".gitconfig"), "[user]\nemail = dana@home.example\n");
    assertThat(workplaces.at(home.toString())).isEqualTo(new Workplace("home", null, null, null));
    assertThat(workplaces.at("relative")).isEqualTo(new Workplace("relative", null, null, null));
    assertThat(workplaces.at("")).isEqualTo(new Workplace("", null, null, null));
    assertThat(workplaces.at("\0")).isEqualTo(new Workplace("", null, null, null));
    assertThat(workplaces.at("/")).isEqualTo(new Workplace("", null, null, null));
  }

  @Test
  void theUsersSettingsCountWhereTheRepositoryHasNone() throws IOException {
    git.run("config", "--unset", "user.email");
    assertThat(email()).isNull();
    write(home.resolve(".config/git/config"), "[user]\nemail = xdg@home.example\n");
    assertThat(email()).isEqualTo("xdg@home.example");
    write(home.resolve(".gitconfig"), "[include]\npath = ~/more\n");
    write(home.resolve("more"), "[user]\nemail = included@home.example\n");
    assertThat(email()).isEqualTo("included@home.example");
    write(
        home.resolve(".gitconfig"),
        "[includeIf \"gitdir:"
            + directory
            + "/\"]\npath = work\n"
            + "[includeIf \"gitdir:/elsewhere/\"]\npath = more\n");
    write(home.resolve("work"), "[user]\nemail = work@acme.example\n");
    assertThat(email()).isEqualTo("work@acme.example");
  }

  @Test
  void aWorkTreeBelongsToItsRepository() {
    git.commit("a.txt", "first");
    Path tree = directory.resolve("tree");
    git.run("worktree", "add", "-q", tree.toString(), "-b", "topic");
    assertThat(workplaces.at(tree.toString()))
        .isEqualTo(
            new Workplace(
                "acme", git.directory().toString(), tree.toString(), "dana@acme.example"));
  }

  @Test
  void aSubmoduleIsARepositoryOfItsOwn() {
    git.commit("a.txt", "first");
    GitCommand above = GitCommand.init(directory.resolve("above"));
    above.run("submodule", "--quiet", "add", git.directory().toString(), "part");
    Path part = above.directory().resolve("part");
    assertThat(workplaces.at(part.toString()).repository()).isEqualTo(part.toString());
    assertThat(workplaces.at(part.toString()).project()).isEqualTo("part");
  }

  @Test
  void aHostileRepositoryBreaksNothing() throws Exception {
    Path config = git.directory().resolve(".git/config");
    for (String text :
        List.of("[user", "[user]\nemail = \"", "[include]\npath = config\n[user]\nemail", "\0\1")) {
      Files.writeString(config, text);
      assertThat(email()).isNull();
    }
    Files.writeString(config, "[include]\npath = /dev/zero\n[user]\nemail = d@x\n");
    assertThat(email()).isEqualTo("d@x");
    Files.delete(config);
    assertThat(new ProcessBuilder("mkfifo", config.toString()).start().waitFor()).isZero();
    assertThat(email()).isNull();
    Path other = Files.createDirectories(directory.resolve("other"));
    Files.writeString(other.resolve(".git"), "gitdir: \0");
    assertThat(workplaces.at(other.toString()).repository()).isNull();
  }

  @Test
  void anAnswerIsRememberedForSecondsOnly() {
    assertThat(workplaces.at(git.directory().toString()).gitEmail()).isEqualTo("dana@acme.example");
    git.run("config", "user.email", "other@acme.example");
    assertThat(workplaces.at(git.directory().toString()).gitEmail()).isEqualTo("dana@acme.example");
    assertThat(email()).isEqualTo("other@acme.example");
  }

  private @org.jspecify.annotations.Nullable String email() {
    clock.pass(Workplaces.REMEMBERED.toSeconds());
    return workplaces.at(git.directory().toString()).gitEmail();
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
