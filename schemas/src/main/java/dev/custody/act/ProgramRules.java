package dev.custody.act;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@code commands.txt} says of one program. */
final class ProgramRules {
  private static final Map<String, ProgramRules> PROGRAMS = new HashMap<>();
  private static final ProgramRules UNKNOWN = new ProgramRules();

  static {
    for (String[] row : Table.rows("commands.txt")) {
      String program = row[0].equals("act") ? row[2] : row[1];
      PROGRAMS.computeIfAbsent(program, name -> new ProgramRules()).add(row);
    }
  }

  final Set<String> valued = new HashSet<>();
  final List<ActRule> acts = new ArrayList<>();
  final List<Reading> reads = new ArrayList<>();
  final Set<String> readOptions = new HashSet<>();
  final Set<String> markedReadOptions = new HashSet<>();
  final Set<String> loadOptions = new HashSet<>();
  final Set<String> writeOptions = new HashSet<>();
  final Set<String> bodyOptions = new HashSet<>();
  @Nullable Reading writes;
  int dnsOperand = -1;
  boolean loadsOperands;
  boolean copies;
  boolean removes;
  boolean url;
  boolean host;
  boolean remote;
  boolean bodyOperands;

  private ProgramRules() {}

  /**
   * Which operands are files.
   *
   * @param verbs operands that have to stand first
   * @param skip how many of the next are none
   * @param unless with one of these options there are none to skip
   * @param only only with one of these options; empty: always
   */
  record Reading(List<String> verbs, int skip, Set<String> unless, Set<String> only) {}

  /** What is known of a program; of one that is not known, nothing. */
  static ProgramRules of(String program) {
    ProgramRules rules = PROGRAMS.get(program);
    if (rules == null && !program.isEmpty()) {
      int end = program.indexOf('.') > 0 ? program.indexOf('.') : program.length();
      while (end > 1 && Character.isDigit(program.charAt(end - 1))) {
        end--;
      }
      rules = PROGRAMS.get(program.substring(0, end));
    }
    return rules == null ? UNKNOWN : rules;
  }

  private void add(String[] row) {
    switch (row[0]) {
      case "act" -> acts.add(ActRule.of(row));
      case "values" -> valued.addAll(options(row[2]));
      case "reads" -> reads.add(reading(row));
      case "option-reads" ->
          (row.length > 3 ? markedReadOptions : readOptions).addAll(options(row[2]));
      case "loads" -> {
        loadsOperands = row[2].equals("operands");
        loadOptions.addAll(options(row[2]));
      }
      case "writes" -> writes = reading(row);
      case "option-writes" -> writeOptions.addAll(options(row[2]));
      case "copies" -> copies = true;
      case "removes" -> removes = true;
      case "url" -> {
        url = true;
        valued.addAll(row.length > 2 ? options(row[2]) : Set.of());
      }
      case "host" -> host = true;
      case "remote" -> remote = true;
      case "dns" -> dnsOperand = reading(row).skip;
      case "body" -> {
        bodyOperands = row[2].equals("operands");
        bodyOptions.addAll(options(row[2]));
      }
      default -> throw new IllegalStateException("commands.txt: cannot read " + row[0]);
    }
  }

  private static Set<String> options(String text) {
    return Set.of(text.split(","));
  }

  private static Reading reading(String[] row) {
    List<String> verbs = new ArrayList<>();
    int skip = 0;
    Set<String> unless = Set.of();
    Set<String> only = Set.of();
    for (int i = 2; i < row.length; i++) {
      if (row[i].startsWith("skip=")) {
        skip = Integer.parseInt(row[i].substring(5));
      } else if (row[i].startsWith("unless=")) {
        unless = options(row[i].substring(7));
      } else if (row[i].startsWith("if=")) {
        only = options(row[i].substring(3));
      } else {
        verbs.add(row[i]);
      }
    }
    return new Reading(List.copyOf(verbs), skip, unless, only);
  }
}
