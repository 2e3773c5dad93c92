package dev.custody.hook;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.diff.EditList;
import org.eclipse.jgit.diff.HistogramDiff;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;
import org.jspecify.annotations.Nullable;

/** Shows a change as {@code diff -u} does. */
final class UnifiedDiff {
  private static final String NOTHING = "/dev/null";

  private UnifiedDiff() {}

  static String of(String file, @Nullable String before, @Nullable String after) {
    RawText old = raw(before);
    RawText made = raw(after);
    EditList edits = new HistogramDiff().diff(RawTextComparator.DEFAULT, old, made);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DiffFormatter formatter = new DiffFormatter(out)) {
      formatter.format(edits, old, made);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return "--- %s\n+++ %s\n%s"
        .formatted(
            before == null ? NOTHING : file,
            after == null ? NOTHING : file,
            out.toString(StandardCharsets.UTF_8));
  }

  private static RawText raw(@Nullable String text) {
    return new RawText(text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8));
  }
}
