package dev.custody.shell;

/**
 * A program for an interpreter that stands in the command line or in a here-document.
 *
 * @param language {@code python}, {@code javascript}, {@code perl}, {@code ruby}, {@code php}, ...
 * @param source its text
 */
public record InlineProgram(String language, String source) {}
