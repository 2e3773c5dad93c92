package dev.custody.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The threat table and the campaign say the same. */
class ThreatModelTest {
  private static final Path ROOT = Path.of("..");
  private static final Path PAGE = ROOT.resolve("docs/threat-model.md");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  private static List<String> shownBy() throws IOException {
    List<String> names = new ArrayList<>();
    boolean table = false;
    for (String line : Files.readAllLines(PAGE)) {
      table = line.startsWith("|") && (table || line.endsWith("| shown by |"));
      if (table) {
        String[] cells = line.split("\\|");
        CODE.matcher(cells[cells.length - 1]).results().map(m -> m.group(1)).forEach(names::add);
      }
    }
    return names;
  }

  @Test
  void everyOperatorIsInTheTableOnceAndEveryRowNamesAnOperatorOrATest() throws IOException {
    List<String> operators = Operator.all().stream().map(Operator::name).toList();
    List<String> rows = shownBy().stream().filter(name -> !name.contains("#")).toList();

    assertThat(operators).doesNotHaveDuplicates();
    assertThat(rows).containsExactlyInAnyOrderElementsOf(operators);
  }

  @Test
  void everyTestThatARowNamesExists() throws IOException {
    Map<String, String> sources = new HashMap<>();
    try (Stream<Path> files = Files.walk(ROOT)) {
      for (Path file : files.filter(f -> f.toString().endsWith("Test.java")).toList()) {
        String name = file.getFileName().toString().replace(".java", "");
        sources.merge(name, Files.readString(file), String::concat);
      }
    }
    for (String test : shownBy().stream().filter(name -> name.contains("#")).toList()) {
      String[] parts = test.split("#");
      assertThat(sources.getOrDefault(parts[0], ""))
          .as("docs/threat-model.md names " + test)
          .contains("void " + parts[1] + "(");
    }
  }

  @Test
  void levelOneSectionsHoldLevelOneOperatorsAndSoOn() throws IOException {
    Map<String, Integer> levels = new HashMap<>();
    Operator.all().forEach(operator -> levels.put(operator.name(), operator.level()));
    Pattern heading = Pattern.compile("## .*level (\\d)");
    Pattern row = Pattern.compile("\\| (\\d) \\|.*");
    int section = -1;
    for (String line : Files.readAllLines(PAGE)) {
      if (line.startsWith("## ")) {
        Matcher level = heading.matcher(line);
        section = level.matches() ? Integer.parseInt(level.group(1)) : -1;
      }
      Matcher own = row.matcher(line);
      int declared = own.matches() ? Integer.parseInt(own.group(1)) : section;
      if (declared >= 0 && line.startsWith("|")) {
        CODE.matcher(line)
            .results()
            .map(m -> m.group(1))
            .filter(levels::containsKey)
            .forEach(name -> assertThat(levels).as(name).containsEntry(name, declared));
      }
    }
  }
}
