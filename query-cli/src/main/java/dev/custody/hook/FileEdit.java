package dev.custody.hook;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is added to one file, and how it is taken away again. */
interface FileEdit {
  /** The file as its owner names it; it may be a link. */
  Path file();

  /**
   * The file's text with ours.
   *
   * @param before null while there is none
   * @param notes takes what the user should know
   * @return {@code before} when nothing is to be added
   */
  @Nullable String install(@Nullable String before, List<String> notes) throws HookException;

  /**
   * The file's text without ours.
   *
   * @param original what was there before the first edit; null when nobody knows
   * @return {@code before} when nothing of ours is in it
   */
  String uninstall(String before, @Nullable String original) throws HookException;
}
